"""``report.json`` written by hand."""

SEX = {
    "label": "Sex",
    "leaves": ["F", "M", "DECLINED"],
    "groups": {"_declared": ["F", "M"], "_not_declared": ["DECLINED"], "_total": ["F", "M", "DECLINED"]},
    "labels": {"F": "Women", "M": "Men"},
}


def cell(measure, value, status=None, low=None, high=None, **dims):
    return {"dims": dims, "measure": measure, "value": value, "status": status, "low": low, "high": high}


def block(name, dims, cells, collection="workforce", where=None, **more):
    return {
        "type": "table", "id": name, "population": {"collection": collection, "where": where or {}},
        "dimensions": dims, "measures": sorted({one["measure"] for one in cells}), "cells": cells, **more,
    }  # fmt: skip


def report(*blocks, **dimensions):
    return {
        "report": {"period": "2026-Q1"},
        "dimensions": {"sex": SEX, **dimensions},
        "sections": [{"blocks": [{"type": "paragraph", "text": "12 people"}, *blocks]}],
    }


def headcounts(**values):
    return [cell("headcount", value, None if value is not None else "[c]", sex=code) for code, value in values.items()]
