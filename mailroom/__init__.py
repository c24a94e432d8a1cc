"""The shared mailbox: what comes in by mail becomes a draft, a reply on an order, or an entry of the tray."""
