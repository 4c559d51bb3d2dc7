"""From accepted data to tables that may be shown: counting (vault to exact table), releasing (exact to safe), and the
memory of what has been released."""
