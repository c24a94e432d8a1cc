"""The pages' addresses; each desk keeps its own list."""

from django.urls import path

from web.account import urls as account_urls
from web.agreements import urls as agreements_urls
from web.campaigns import urls as campaign_urls
from web.company import urls as company_urls
from web.desk import urls as desk_urls
from web.figures import urls as figures_urls
from web.gatherings import urls as gatherings_urls
from web.jobs import urls as jobs_urls
from web.mail import urls as mail_urls
from web.news import urls as news_urls
from web.people import urls as people_urls
from web.privacy import urls as privacy_urls
from web.steering import urls as steering_urls
from web.views import front
from web.webhooks import urls as webhooks_urls

app_name = "web"
urlpatterns = [
    path("", front.home, name="home"),
    path("was", front.accessibility, name="accessibility"),
    *news_urls.PATTERNS,
    *account_urls.PATTERNS,
    *company_urls.PATTERNS,
    *desk_urls.PATTERNS,
    *mail_urls.PATTERNS,
    *privacy_urls.PATTERNS,
    *people_urls.PATTERNS,
    *agreements_urls.PATTERNS,
    *figures_urls.PATTERNS,
    *steering_urls.PATTERNS,
    *campaign_urls.PATTERNS,
    *gatherings_urls.PATTERNS,
    *jobs_urls.PATTERNS,
    *webhooks_urls.PATTERNS,
]
