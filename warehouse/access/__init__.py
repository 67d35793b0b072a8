"""Who may see what: logins of readers, the access matrix, and the audit trail."""
