"""What the webhooks tell."""

from events.kinds import declare

declare(
    "webhook.switched_off",
    "A webhook got no good answer for three days, or 410, and is sent to no longer.",
    "the webhook's municipality or company",
)
