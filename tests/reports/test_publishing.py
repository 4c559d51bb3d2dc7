"""From a draft to a publication that never changes."""

import hashlib
import json
from dataclasses import replace

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from equality.disclosure import certificate, protection
from equality.disclosure.attack import Contradictory, Rule
from monitoring.audit.models import Event
from monitoring.figures.models import ReleasedRegion
from monitoring.figures.releasing import open_certificate
from monitoring.submissions.models import ClosedPeriod
from reports import publishing
from reports.attacking import attack_report
from reports.contents import Contents
from reports.models import Report, State
from reports.publishing import CannotPublish, file_of, publish
from reports.requesting import CannotRequest, request_report, stop_building
from reports.signing import CannotSign, send_back, sign
from tests.factories import accepted, as_csv, brief, make_draft, make_organisation, make_published, make_user, unpaid
from tests.factories.reports import AT, TODAY, make_signed
from tests.factories.submissions import do_waiting_work, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(organisation):
    accepted(organisation, as_csv(unpaid(300)))


def digest(report):
    return Contents.from_json(report.contents).body_digest()


class TestRequesting:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"code": "cakes"}, "REPORT_UNKNOWN"),
            ({"period": "x"}, "PERIOD_MALFORMED"),
            ({"period": "2026-Q4"}, "PERIOD_IN_FUTURE"),
        ],
    )
    def test_what_cannot_be_asked_for_is_answered(self, organisation, analyst, change, code):
        said = {"code": "quarterly", "period": "2026-Q3"} | change

        with pytest.raises(CannotRequest) as refused:
            request_report(said.pop("code"), organisation=organisation, today=TODAY, at=AT, by=analyst, **said)

        assert refused.value.code == code
        assert not Report.objects.exists()

    def test_asking_again_builds_the_same_report_from_what_is_accepted_now(self, organisation, analyst):
        first = make_draft(organisation, by=analyst)
        accepted(organisation, as_csv(unpaid(320)))

        again = make_draft(organisation, by=analyst)

        assert first.pk == again.pk
        assert digest(first) != digest(again)

    def test_asking_while_it_is_built_gives_the_one_in_progress(self, organisation, analyst):
        asked = [
            request_report("quarterly", organisation=organisation, period="2026-Q3", today=TODAY, at=AT, by=analyst)
            for _ in range(2)
        ]

        assert asked[0].pk == asked[1].pk
        assert Event.objects.filter(act="report.requested").count() == 1

    def test_asking_does_not_take_a_signature_off(self, organisation, analyst):
        signed = make_signed(organisation)

        again = request_report("quarterly", organisation=organisation, period="2026-Q3", today=TODAY, at=AT, by=analyst)

        assert (again.pk, again.state) == (signed.pk, State.SIGNED)

    def test_the_database_keeps_one_in_preparation(self, organisation):
        make_draft(organisation)

        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(
                code="quarterly", organisation=organisation, period="2026-Q3", version=2, requested_at=AT
            )


class TestSigning:
    def test_binds_the_signature_to_what_was_read(self, organisation, chief):
        report = make_draft(organisation)

        signed = sign(report, digest=digest(report), at=AT, by=chief)

        assert (signed.state, signed.signed_by, signed.signed_digest) == (State.SIGNED, chief, digest(report))

    def test_twice_is_once(self, organisation, chief):
        report = make_draft(organisation)
        sign(report, digest=digest(report), at=AT, by=chief)
        sign(report, digest=digest(report), at=AT, by=chief)

        assert Event.objects.filter(act="report.signed").count() == 1

    def test_is_refused_to_whoever_asked_for_the_report(self, organisation, chief):
        report = make_draft(organisation, by=chief)

        with pytest.raises(CannotSign) as refused:
            sign(report, digest=digest(report), at=AT, by=chief)

        assert refused.value.code == "SAME_PERSON"

    def test_the_database_refuses_that_too(self, organisation, chief):
        report = make_draft(organisation, by=chief)

        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(signed_by=chief)

    def test_is_refused_for_contents_that_changed_since(self, organisation, chief):
        report = make_draft(organisation)
        read = digest(report)
        accepted(organisation, as_csv(unpaid(320)))
        make_draft(organisation)

        with pytest.raises(CannotSign) as refused:
            sign(report, digest=read, at=AT, by=chief)

        assert refused.value.code == "CONTENTS_CHANGED"

    @pytest.mark.parametrize("state", [s for s in State if s != State.DRAFT])
    def test_is_refused_in_every_other_state(self, organisation, chief, state):
        report = make_draft(organisation)
        Report.objects.filter(pk=report.pk).update(state=state, published_at=AT, signed_at=AT)

        with pytest.raises(CannotSign) as refused:
            sign(report, digest=digest(report), at=AT, by=chief)

        assert refused.value.code == "NOT_A_DRAFT"


class TestSendingBack:
    def test_takes_the_signature_off_and_says_why(self, organisation, chief):
        report = make_signed(organisation)

        sent = send_back(report, reason="Two units have one name", by=chief)

        assert (sent.state, sent.signed_by, sent.signed_digest) == (State.FAILED, None, "")
        assert "Two units" in sent.failure

    def test_needs_a_reason(self, organisation, chief):
        with pytest.raises(CannotSign, match="why"):
            send_back(make_draft(organisation), reason=" ", by=chief)

    def test_is_refused_for_what_is_published(self, organisation, chief):
        with pytest.raises(CannotSign):
            send_back(make_published(organisation), reason="x", by=chief)


class TestPublishing:
    def test_publishes_what_was_signed_in_every_drawing(self, organisation):
        report = make_published(organisation)

        assert report.state == State.PUBLISHED, report.failure
        assert {"report.pdf", "report.html", "report.ods", "report.json"} <= report.files.keys()
        assert digest(report) == report.signed_digest
        said = json.loads(file_of(report, "report.json"))["report"]
        assert said["status"] == "published"
        assert said["signed_off"]["by"]

    def test_names_no_address_of_who_signed(self, organisation):
        signed = make_signed(organisation)
        type(signed.signed_by).objects.filter(pk=signed.signed_by.pk).update(name="")

        publish(signed, by=signed.signed_by)
        do_waiting_work()
        signed.refresh_from_db()

        assert json.loads(file_of(signed, "report.json"))["report"]["signed_off"]["by"] == "HM Chief Inspector"

    def test_twice_is_once(self, organisation):
        report = make_published(organisation)
        publish(report, by=report.signed_by)
        do_waiting_work()

        assert Event.objects.filter(act="report.published").count() == 1

    @pytest.mark.parametrize("state", [State.REQUESTED, State.FAILED, State.DRAFT])
    def test_is_refused_for_what_is_not_signed(self, organisation, chief, state):
        report = make_draft(organisation)
        Report.objects.filter(pk=report.pk).update(state=state)

        with pytest.raises(CannotPublish) as refused:
            publish(report, by=chief)

        assert refused.value.code == "NOT_SIGNED"

    def test_contents_that_were_changed_after_signing_are_not_published(self, organisation):
        report = make_signed(organisation)
        changed = report.contents
        changed["sections"][0]["title"] = "Something else"
        Report.objects.filter(pk=report.pk).update(contents=changed)

        publish(report, by=report.signed_by)
        do_waiting_work()
        report.refresh_from_db()

        assert report.state == State.FAILED
        assert "not those that were signed" in report.failure
        assert report.files == {}

    def test_contents_that_give_something_away_are_not_published(self, organisation):
        """The gate stands behind the protection: sabotage the contents, sign them, and nothing gets out."""
        report = make_draft(organisation)
        contents = report.contents
        for section in contents["sections"]:
            for block in section["blocks"]:
                if block["type"] == "table" and block["id"] == "ethnicity-by-grade":
                    for cell in block["cells"]:
                        if cell["dims"]["grade"] == "G6/G7" and cell["status"] == "[c]":
                            cell["value"], cell["status"] = 1, None
        Report.objects.filter(pk=report.pk).update(contents=contents)
        report.refresh_from_db()
        leaks = len(_opened_or_contradictory(contents))
        report = sign(report, digest=digest(report), at=AT, by=make_user("chief_inspector", organisation))

        publish(report, by=report.signed_by)
        do_waiting_work()
        report.refresh_from_db()

        assert leaks
        assert report.state != State.PUBLISHED

    def test_what_is_refused_is_named_however_many_words_it_takes(self, organisation, monkeypatch):
        def attacked(document, **more):
            found = attack_report(document, **more)
            cells = [one for one in found.intervals if one.codes][:6]
            return replace(found, broken=tuple(replace(one, rule=Rule.NARROW) for one in cells))

        accepted(organisation, as_csv(unpaid(300)))
        monkeypatch.setattr(publishing, "attack_report", attacked)

        report = make_published(organisation)

        assert report.state == State.FAILED
        assert report.failure.startswith("6 hidden numbers could be worked out: ")
        assert report.failure.endswith("). Nothing was published.")
        assert report.opened == []
        assert (report.failure.count(" ("), len(report.failure) > 300) == (5, True)

    def test_whom_a_refused_draft_gave_away_the_next_one_looks_after(self, organisation, monkeypatch):
        kept = ("person_ref", "sex", "ethnicity", "grade", "disability")
        rows = [{name: person[name] for name in kept} for person in staff(60, seed=2)]
        accepted(organisation, as_csv(rows))
        for overlooked in ("given_away", "narrow_overlaps"):
            monkeypatch.setattr(protection, overlooked, lambda *_, **__: [])

        refused = make_published(organisation)
        again = make_published(organisation)

        assert (refused.state, again.pk, again.state) == (State.FAILED, refused.pk, State.PUBLISHED)
        assert (refused.state_label, again.state_label) == ("Refused", "Published")
        assert "in no table (Ethnic group: " in refused.failure
        assert refused.failure.endswith("Build this report again: then they are looked after.")

    def test_a_refused_draft_whose_next_build_is_stopped_could_not_be_built(self, organisation, chief):
        report = make_draft(organisation)
        send_back(report, reason="A team is missing.", by=chief)
        sent_back = Report.objects.get(pk=report.pk)
        asked = request_report(
            report.code, organisation=organisation, period=report.period, today=TODAY, at=AT, by=report.requested_by
        )
        stop_building(asked, at=AT, by=report.requested_by)

        stopped = Report.objects.get(pk=report.pk)
        assert (sent_back.state, stopped.state) == (State.FAILED, State.FAILED)
        assert (sent_back.state_label, stopped.state_label) == ("Refused", "Could not be built")

    def test_a_ledger_that_grew_since_the_draft_asks_for_a_new_draft(self, organisation):
        signed = make_signed(organisation)
        ReleasedRegion.objects.create(
            organisation=organisation, collection="workforce", period="2026-Q2", report=signed.pk, region="{}", least=9, most=9,
            released_at=AT,
        )  # fmt: skip

        publish(signed, by=signed.signed_by)
        do_waiting_work()
        signed.refresh_from_db()

        assert signed.state == State.FAILED
        assert "Build this one again" in signed.failure

    def test_a_proof_of_an_earlier_version_of_the_service_asks_for_a_new_draft(self, organisation, monkeypatch):
        monkeypatch.setattr(certificate, "FORMAT", "witnesses/1")
        signed = make_signed(organisation)
        monkeypatch.undo()

        publish(signed, by=signed.signed_by)
        do_waiting_work()
        signed.refresh_from_db()

        assert signed.state == State.FAILED
        assert "Build this report again" in signed.failure

    def test_is_protected_under_the_policy_that_is_set(self, organisation, settings):
        settings.REPORT_POLICY = "published-insider-2026"

        report = make_published(organisation)

        assert report.state == State.PUBLISHED
        assert report.contents["report"]["policy"]["code"] == "published-insider-2026"
        assert open_certificate(report.certificate).insider

    def test_what_earlier_reports_print_is_attacked_with_it(self, organisation, monkeypatch):
        """Somebody who holds this report and the last one, and knows who joined and left."""
        before = "2026-Q2"
        accepted(organisation, as_csv(unpaid(300)), period=before)
        make_published(organisation, before)
        signed, together = make_signed(organisation), []

        def attacked(document, *, others, links, **more):
            together.extend(other["report"]["period"] for other in others)
            together.extend((link.start, link.end, link.joiners, link.leavers, link.fixed) for link in links)
            return attack_report(document, others=others, links=links, **more)

        monkeypatch.setattr(publishing, "attack_report", attacked)
        publish(signed, by=signed.signed_by)
        do_waiting_work()
        signed.refresh_from_db()

        assert signed.state == State.PUBLISHED
        assert together == [before, (before, "2026-Q3", (0, 0), (0, 0), ("ethnicity", "sex"))]

    def test_what_the_attack_came_to_is_recorded(self, organisation):
        report = make_published(organisation)

        attack = Event.objects.get(act="report.published", subject=report.audit_name).details["attack"]

        assert attack["hidden"] > 0
        assert attack["unprinted"] > 0
        assert (attack["unsettled"], attack["together_with"]) == (0, [])

    def test_what_earlier_releases_give_away_is_said_and_does_not_keep_the_report_back(self, organisation):
        """Five women were printed, one is known to have left: four or five are known to stay, whatever is hidden."""
        then = [
            {"person_ref": person["person_ref"], "sex": "F" if at < 5 else "M"} for at, person in enumerate(unpaid(60))
        ]
        accepted(organisation, as_csv(then), period="2026-Q2")
        make_published(organisation, "2026-Q2")
        accepted(organisation, as_csv(then[1:]))

        report = make_published(organisation)

        assert "Sex: Female" in " ".join(report.price["exposed"])
        assert report.state == State.PUBLISHED, report.failure

    def test_closes_the_quarter_and_fills_the_ledger(self, organisation):
        report = make_published(organisation)

        assert ClosedPeriod.objects.filter(organisation=organisation, period="2026-Q3").exists()
        told = ReleasedRegion.objects.filter(report=report.pk)
        assert told.filter(least=300, most=300).exists()
        assert not told.filter(most__gt=0, least__lt=5).exists()

    def test_a_breakdown_leaves_the_signature_standing(self, organisation, monkeypatch):
        signed = make_signed(organisation)

        def broken(_):
            raise MemoryError

        monkeypatch.setattr(publishing, "draw_all", broken)
        publish(signed, by=signed.signed_by)
        do_waiting_work()
        signed.refresh_from_db()

        assert signed.state == State.SIGNED
        assert not ReleasedRegion.objects.exists()

    def test_the_database_publishes_nothing_unsigned(self, organisation):
        report = make_draft(organisation)

        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(state=State.PUBLISHED, published_at=AT)


def _opened_or_contradictory(contents):
    try:
        return attack_report(contents).broken
    except ValueError:
        return ["contradictory"]


class TestPublishedFiles:
    def test_are_those_whose_digests_were_recorded(self, organisation):
        report = make_published(organisation)

        for name, expected in report.files.items():
            assert hashlib.sha256(file_of(report, name)).hexdigest() == expected

    def test_a_file_that_was_changed_is_not_served(self, organisation):
        report = make_published(organisation)
        path = publishing.path_of(report, "report.json")
        publishing.storage().delete(path)
        publishing.storage().save(path, ContentFile(b"{}"))

        assert file_of(report, "report.json") is None

    def test_other_names_are_not_served(self, organisation):
        assert file_of(make_published(organisation), "../development-keys.json") is None


class TestCorrecting:
    def test_a_published_report_is_not_built_again(self, organisation, analyst):
        make_published(organisation)

        with pytest.raises(CannotRequest) as refused:
            request_report("quarterly", organisation=organisation, period="2026-Q3", today=TODAY, at=AT, by=analyst)

        assert refused.value.code == "REPORT_PUBLISHED"

    def test_a_correction_is_a_new_version_that_says_so_and_leaves_the_old_one(self, organisation):
        first = make_published(organisation)
        before = {name: file_of(first, name) for name in first.files}
        accepted(organisation, as_csv(unpaid(310)), correction_reason="A team was left out")

        second = make_published(organisation, correction_note="A team was left out")
        first.refresh_from_db()

        assert (second.version, second.corrects) == (2, first)
        assert "It corrects version 1" in str(second.contents)
        assert {name: file_of(first, name) for name in first.files} == before
        for name in ("report.html", "report.json"):
            assert b"A team was left out" in file_of(second, name)

    @pytest.mark.parametrize(("people", "together"), [(300, ["2026-Q3"]), (310, [])])
    def test_a_correction_is_attacked_together_with_what_it_corrects(self, organisation, people, together):
        """As long as both can be true: a correction of words, not of data."""
        make_published(organisation)
        if people != 300:
            accepted(organisation, as_csv(unpaid(people)), correction_reason="A team was left out")

        second = make_published(organisation, correction_note="Corrected")

        published = Event.objects.get(act="report.published", subject=second.audit_name)
        assert published.details["attack"]["together_with"] == together

    def test_a_correction_is_attacked_with_what_it_corrects_where_earlier_quarters_contradict_it(
        self, organisation, monkeypatch
    ):
        before = "2026-Q2"
        accepted(organisation, as_csv(unpaid(300)), period=before)
        make_published(organisation, before)
        make_published(organisation)

        def attacked(document, *, others=(), **more):
            if before in {other["report"]["period"] for other in others}:
                raise Contradictory(())
            return attack_report(document, others=others, **more)

        monkeypatch.setattr(publishing, "attack_report", attacked)
        second = make_published(organisation, correction_note="Wording")

        published = Event.objects.get(act="report.published", subject=second.audit_name)
        assert published.details["attack"]["together_with"] == ["2026-Q3"]

    def test_what_contradicts_who_joined_and_left_is_attacked_without(self, organisation, monkeypatch):
        """Changes are printed against what was printed, links are of the corrected data."""
        before = "2026-Q2"
        accepted(organisation, as_csv(unpaid(300)), period=before)
        make_published(organisation, before)

        def attacked(document, *, links=(), **more):
            if links:
                raise Contradictory(())
            return attack_report(document, links=links, **more)

        monkeypatch.setattr(publishing, "attack_report", attacked)

        report = make_published(organisation)

        assert report.state == State.PUBLISHED

    def test_a_list_of_the_newest_leaves_the_corrected_version_out(self, organisation, other_organisation):
        make_published(organisation)
        corrected = make_published(organisation, correction_note="Wording")
        accepted(other_organisation, brief())
        other = make_published(other_organisation)
        make_draft(organisation, correction_note="Wording once more")

        newest = Report.objects.newest()

        assert set(newest) == {corrected, other}
        assert all("contents" in report.get_deferred_fields() for report in newest)

    def test_what_was_hidden_in_the_first_version_stays_hidden(self, organisation):
        first = make_published(organisation)
        second = make_published(organisation, correction_note="Wording")

        hidden = [
            {
                (t.id, *sorted(c.dims.items()))
                for t in Contents.from_json(r.contents).tables()
                for c in t.cells
                if c.status == "[c]"
            }
            for r in (first, second)
        ]
        assert hidden[0] <= hidden[1]

    def test_what_was_hidden_in_the_first_version_is_printed_where_it_follows_from_the_second(self):
        """Two who had not declared were hidden, and with them the men; now that all declared, men are who is no woman."""
        organisation = make_organisation("durham")
        for women, men, silent, reason in ((120, 70, 2, ""), (122, 70, 0, "Two declared since")):
            sexes = ["F"] * women + ["M"] * men + ["NO_DECLARATION"] * silent
            rows = [{"person_ref": f"P{number}", "sex": sex} for number, sex in enumerate(sexes)]
            accepted(organisation, as_csv(rows), correction_reason=reason)
            report = make_published(organisation, correction_note=reason)
            found = Contents.from_json(report.contents).table("sex")
            printed = {code: found.find("headcount", code).value for code in ("F", "M", "_declared")}
            if silent:
                assert None in printed.values()

        assert report.version == 2
        assert printed == {"F": 122, "M": 70, "_declared": 192}
