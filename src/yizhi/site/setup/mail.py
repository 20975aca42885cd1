"""One message to see whether the mail server takes it."""

import smtplib

from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from yizhi.site import smtp


def send_test(url: str, sender: str, to: str) -> str:
    """ "" when the server took the message, else why not. `url` is what `smtp.settings` understands."""
    known = smtp.settings(url, sender)
    server = get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=known["EMAIL_HOST"],
        port=known["EMAIL_PORT"],
        username=known["EMAIL_HOST_USER"],
        password=known["EMAIL_HOST_PASSWORD"],
        use_tls=known["EMAIL_USE_TLS"],
        use_ssl=known["EMAIL_USE_SSL"],
        timeout=known["EMAIL_TIMEOUT"],
    )
    said = _("If you can read this, the mail server is set up.")
    try:
        EmailMessage(_("Yizhi: a test message"), said, sender, [to], connection=server).send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return _("The mail server refuses: %(why)s") % {"why": str(error) or type(error).__name__}
    return ""
