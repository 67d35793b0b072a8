{{ roll_up('municipality') }}
