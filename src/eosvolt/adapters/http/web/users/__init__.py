"""The pages of users: the admins of a company."""
