"""What a mail server's refusal means, for the admin who can mend it. Never the server's own text: it may hold names."""

import smtplib
import ssl


def mail_problem(error: smtplib.SMTPException | OSError) -> str:
    """What happened and what to do, in one line."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "The mail server refused the sign-in. Check user and password in GATEHOUSE_EMAIL_URL."
    if isinstance(error, smtplib.SMTPSenderRefused):
        return "The mail server refuses the sender. Enter one it accepts under Sender of mails."
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "The mail server refuses your address as recipient. Check the address, or ask who runs the server."
    if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLError):
        return "The mail server does not speak the encryption asked for. Check port and tls in GATEHOUSE_EMAIL_URL."
    if isinstance(error, smtplib.SMTPException):
        return "The mail server broke off. Look at its log, then try again."
    return "The mail server cannot be reached. Check host and port in GATEHOUSE_EMAIL_URL, and the firewall between."
