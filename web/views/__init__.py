"""The pages. Rules, scopes and writes are those of the services; here is only what a person sees."""
