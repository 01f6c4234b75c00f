"""management.azure.com: Azure Resource Manager, the management plane of the tenant's subscriptions.

Who may do what is decided by the roles that the caller's service principal and its groups hold, as in Azure.

Not simulated, or not known:
- Resources themselves, but for resource groups, storage accounts with few properties, their containers, and locks;
  policies, diagnostic settings, elevating oneself, making management groups or role definitions.
- The activity log of management groups, its $select, categories other than those of the seed.
- Roles bite at once. Deny assignments are listed but deny nothing. Conditions of assignments are kept, not weighed.
- Requests of Privileged Identity Management other than AdminAssign and AdminRemove; cancelling one. They are done at
  once, where the service goes through PendingEvaluation.
- Event Grid: CloudEvents, destinations other than webhooks, the handshake by validationUrl, retries, dead letters.
  Whether static delivery attributes may be called Authorization is not known (unverified); here they may.
- One bucket of calls for reads, writes and deletes of each principal and subscription; no regions, no limit of the
  providers' own.
- A nextLink never leads to another host.
"""
