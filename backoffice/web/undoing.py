"""Taking back on the screens: who may, what it would do in words, and doing it once the person has seen it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from backoffice.audit import taking_back
from backoffice.audit.models import ChangeSet, ChangeSubject
from backoffice.audit.netting import Key
from backoffice.audit.plan import Plan, Step, is_undoable
from backoffice.extensions import db
from backoffice.languages import Said, kept_again, marked, said
from backoffice.languages import gettext as _
from backoffice.records import model_of, models_by_table
from backoffice.web import access
from backoffice.web.attributes import attribute_by_key
from backoffice.web.comparing import Part
from backoffice.web.history import field_change, field_label, in_words, noun_of, preload
from backoffice.wording import counted

# What an act asks of somebody who wants to take it back; the same right that doing it needs.
RIGHT_TO_REPEAT = {"create": "create", "update": "edit", "trash": "delete", "restore": "delete", "delete": "delete"}
TOOK_BACK, PUT_BACK = marked("Took back: %(what)s"), marked("Put back: %(what)s")
MOST_SHOWN = 100
MOST_AT_ONCE = 20
PLACE_WORDS = {"shop": marked("comes back"), "trash": marked("goes to the trash"), "nowhere": marked("is removed")}


@dataclass(frozen=True)
class Act:
    """One kind of thing that goes back: a table, what was done to it, whether it is a part, and a field of it."""

    entity: str
    operation: str
    is_part: bool
    field: str = ""


def rights_to_take_back(acts: Iterable[Act], is_of_others: bool) -> set[access.Right]:
    """The rights of the acts themselves, and "undo" for what others did."""
    rights = set()
    for act in acts:
        if (model := models_by_table().get(act.entity)) is None:
            continue
        # A part comes and goes with its record's edits: an option, a value.
        comes_with_edits = act.is_part and act.operation in ("create", "delete")
        rights.add((model.area, "edit" if comes_with_edits else RIGHT_TO_REPEAT[act.operation]))
        columns = model.__table__.c
        if act.field in columns and columns[act.field].info.get("right"):
            rights.add((model.area, columns[act.field].info["right"]))
        if is_of_others:
            rights.add((model.area, "undo"))
    return rights


def rights_to_undo(change_set: ChangeSet, subjects: Iterable[ChangeSubject]) -> set[access.Right]:
    """subjects: what it touched."""
    is_of_others = change_set.actor_id != current_user.id
    # Whoever took back what they had made may bring it back again: the trash of that act was an undone making.
    is_own_undo = change_set.undoes_id is not None and not is_of_others
    acts = (
        Act(one.entity, "create" if is_own_undo and one.operation == "trash" else one.operation, one.is_part, one.field)
        for one in subjects
    )
    return rights_to_take_back(acts, is_of_others)


def rights_to_take_away(steps: Iterable[Step]) -> set[access.Right]:
    """What it takes to take away, with a record, what others did to it since."""
    away = (step for step in steps if step.goes_to in ("trash", "nowhere") and step.is_moved_since)
    return {(model_of(step.change.entity).area, verb) for step in away for verb in ("delete", "undo")}


def acts_of(steps: Iterable[Step]) -> set[Act]:
    """What a plan's steps would take back."""
    return {act for step in steps for act in _acts_of_step(step)}


def _acts_of_step(step: Step) -> Iterable[Act]:
    change = step.change
    operations = {("nowhere", "shop"): "create", ("shop", "trash"): "trash", ("trash", "shop"): "restore"}
    operation = operations.get((change.before, change.after), "delete" if change.before != "kept" else "update")
    if operation != "update":
        yield Act(change.entity, operation, not change.is_root)
    for name in step.fields:
        yield Act(change.entity, "update", not change.is_root, name)


def may_all(rights: Iterable[access.Right]) -> bool:
    return all(access.may(verb, area) for area, verb in rights)


def require_all(rights: Iterable[access.Right]) -> None:
    for area, verb in sorted(rights):
        access.require(verb, area)


def could_undo(change_set: ChangeSet, subjects: list[ChangeSubject]) -> bool:
    """Whether the person may take it back, where nobody has yet. subjects: what it touched."""
    return is_undoable(subjects) and may_all(rights_to_undo(change_set, subjects))


@dataclass(frozen=True)
class ShownField:
    """A value on its way: before, what it goes back to; after, what it was made into; now, what it is.

    parts: the words of a text that would change, where marking them says more than both texts.
    """

    label: str
    before: str
    after: str
    now: str
    is_changed_since: bool
    parts: list[Part]


@dataclass(frozen=True)
class ShownStep:
    """One record of a preview. name: of its inputs; what: that it comes, goes or stays; why: it can't go back."""

    name: str
    noun: str
    label: str
    what: str
    fields: list[ShownField]
    later: ChangeSet | None
    why: str
    is_chosen: bool = False


class TakingBack:
    """A plan before a person: what it would do, what stands in its way, and what they chose of that."""

    def __init__(self, plan: Plan, posted: MultiDict[str, str]) -> None:
        self.plan = plan
        self.posted = posted
        self.changed = plan.having("changed")
        self.leave = set(_keys(posted.getlist("leave")))
        # The records changed since that the person wants back all the same.
        self.also = set(_keys(posted.getlist("also")))
        if posted.get("also_all"):
            self.also = {step.change.key for step in self.changed}
        self.refused: dict[Key, str] = {}
        # Whether something was saved since the plan that the person looked at.
        self.is_changed_meanwhile = "seen" in posted and not self.is_seen
        self.readable = {step.change.key for step in plan.steps if _may_read(step)}

    @property
    def seen(self) -> str:
        """What the person was shown, in short: a choice holds only for that."""
        told = [(step.change.key, step.standing, repr(step.fields)) for step in self.plan.having("back", "changed")]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]

    @property
    def is_seen(self) -> bool:
        """Whether the person has looked at this very plan; else it has to be shown again."""
        return self.posted.get("seen") == self.seen

    @property
    def needs_a_look(self) -> bool:
        """Whether a person should see it first: something asks for a choice, some stays, or there is much of it."""
        return bool(self.changed or self.plan.having("gone")) or self.count_back > MOST_AT_ONCE

    def carry_out(self) -> taking_back.Outcome | None:
        """Do it; None where something came up that the person has not seen, and nothing was done."""
        require_all(rights_to_take_away(step for step in self.changed if step.change.key in self.also))
        outcome = taking_back.carry_out(self.plan, current_user, self.also, self.leave)
        expected = {step.change.key for step in self.changed} - self.also | self.leave
        if outcome.refused or {step.change.key for step in outcome.left} - expected:
            db.session.rollback()
            self.refused = outcome.refused
            self.is_changed_meanwhile = not outcome.refused
            return None
        return outcome

    def page(self, template: str, status: int, **facts: Any) -> Any:
        return render_template(template, taking=self, **facts), status

    @property
    def why_nothing(self) -> str:
        """Why nothing went back where nothing did."""
        gone = self.plan.having("gone")
        if self.changed:
            return _("Nothing was taken back, for nothing was ticked. Tick what shall go back all the same.")
        return gone[0].why if gone else _("There is nothing left to take back: all is as it was before.")

    # What the page shows
    @property
    def going_back(self) -> list[ShownStep]:
        return self._shown([step for step in self.plan.having("back") if step.change.key not in self.refused])

    @property
    def count_back(self) -> int:
        staying = self.leave | self.refused.keys()
        return sum(step.change.key not in staying for step in self.plan.having("back"))

    @property
    def count_changed(self) -> int:
        return len(self.changed)

    @property
    def changed_since(self) -> list[ShownStep]:
        return self._shown(self.changed)

    @property
    def staying(self) -> list[ShownStep]:
        """What can't go back, and why."""
        gone = self.plan.having("gone")
        refused = [step for step in self.plan.steps if step.change.key in self.refused]
        return self._shown(gone) + self._shown(refused)

    @property
    def count_staying(self) -> int:
        return len(self.plan.having("gone")) + len(self.refused)

    @property
    def left_out(self) -> list[str]:
        """The inputs' names of what the person goes on without."""
        return [_name(key) for key in self.leave | self.refused.keys()]

    @property
    def count_done(self) -> int:
        return len(self.plan.having("done"))

    def _shown(self, steps: list[Step]) -> list[ShownStep]:
        some = [step for step in steps if step.change.key in self.readable][:MOST_SHOWN]
        values = (
            (step.change.entity, name, value)
            for step in some
            for name, one in step.fields.items()
            for value in (one.before, one.after, one.now)
        )
        _named = preload(values)
        return [self._shown_step(step) for step in some]

    def _shown_step(self, step: Step) -> ShownStep:
        key = step.change.key
        return ShownStep(
            name=_name(key),
            noun=noun_of(step.change.entity),
            label=step.change.label,
            what=PLACE_WORDS.get(step.goes_to, ""),
            fields=[_shown_field(step, name) for name in step.fields],
            later=step.later,
            why=self.refused.get(key, step.why),
            is_chosen=key in self.also,
        )


def _may_read(step: Step) -> bool:
    return access.may("read", model_of(step.change.entity).area)


def _shown_field(step: Step, name: str) -> ShownField:
    model, one = model_of(step.change.entity), step.fields[name]
    attribute = attribute_by_key(model, name)
    words = [in_words(attribute, value) for value in (one.before, one.after, one.now)]
    parts = field_change(model, name, one.now, one.before).parts
    return ShownField(field_label(model, name), *words, name in step.conflicted, parts)


def _name(key: Key) -> str:
    return f"{key[0]}:{key[1]}"


def _keys(names: Iterable[str]) -> Iterable[Key]:
    for name in names:
        entity, _colon, number = name.partition(":")
        if number.isascii() and number.isdigit() and len(number) < 19:
            yield entity, int(number)


def outcome_words(outcome: taking_back.Outcome) -> str:
    """How much went back, where not all of it did."""
    stayed = outcome.counts["left"]
    if not stayed:
        return ""
    taken, left = counted(outcome.taken, "record"), counted(stayed, "record")
    return f" ({_('%(taken)s went back, %(left)s stayed', taken=taken, left=left)})"


def undo_summary(change_set: ChangeSet) -> Said:
    """What taking it back is called; taking that back again puts it back."""
    kept = change_set.summary_message or {}
    for begins, instead in ((TOOK_BACK, PUT_BACK), (PUT_BACK, TOOK_BACK)):
        if kept.get("text") == begins:
            return said(instead, what=kept_again(kept["values"]["what"]))
        plain = begins.replace("%(what)s", "")
        if not kept and change_set.summary.startswith(plain):
            return said(instead, what=change_set.summary.removeprefix(plain))
    return said(TOOK_BACK, what=kept_again(change_set.summary_message) if kept else str(change_set))
