"""manage.office.com: the Management Activity API, which hands out the audit records of the tenant in blobs.

Not simulated, or not known:
- The publisher's own quota, the plan's larger quotas, other publishers' subscriptions.
- The records of the seed are there from the first start of a subscription on, as if one had run for a week already; the
  twelve hours until a subscription's first blob are `Feed.first_wait`, by default none.
- HTTP statuses of single AF codes are not documented: 400, but 403 for AF10001, 429 for
  AF429 (403 was seen, too), 404 for blobs that are gone (unverified).
- `notifications` tells of what was sent to the webhook, without pages.
- The retries of a webhook that fails come after 1, 5 and 30 minutes; then it is switched off (figures unverified).
- Taking a webhook away by a start without one is refused while the subscription is on: what the service does is not
  documented.
"""
