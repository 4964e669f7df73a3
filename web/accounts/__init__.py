"""Who may use the app: a file of names, roles and password hashes, named by `--auth`.

account_file.py reads and writes it, passwords.py hashes; accounts.py is what the running app asks, and
`python -m web.accounts` what the owner of the file types.
"""
