"""Work that takes long: checking, building, publishing. In-process, or on Celery workers where a broker is set.

Four guards make it safe to repeat. One live job per key; one claim by one conditional update; sent on commit; the
receipt last, in the transaction of the outcome. A worker killed at any moment loses nothing and doubles nothing."""
