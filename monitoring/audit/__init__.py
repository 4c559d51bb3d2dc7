"""What was done, by whom, in an order that cannot be rewritten unnoticed.

``record`` writes one event in the transaction of the act itself; ``verify`` reads the whole chain back. Events hold
words and ids, never references to other rows, so that they outlive what they describe."""
