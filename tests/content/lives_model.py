"""A simple model of the life of entries, kept beside the real one: what each verb would do, or that it is refused.

It knows texts by a letter and time as it is told, and nothing of tables.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from content.log import State
from content.types import OnReviewDue

TAKEN = {OnReviewDue.HOLD: State.HELD, OnReviewDue.WITHDRAW: State.GONE}
WITHDRAWN = (State.GONE, State.REDIRECTED, State.REPLACED)


DAWN = datetime(2026, 1, 1, tzinfo=UTC)


class Refused(Exception):
    """The model holds that content must refuse this."""


@dataclass
class Life:
    """One entry. `texts` and `slugs` are by version number; `reviews` are (signed at, due on) by text."""

    health: bool
    kind: str
    texts: dict[int, str] = field(default_factory=dict)
    slugs: dict[int, str] = field(default_factory=dict)
    reviews: dict[str, list[tuple[datetime, date]]] = field(default_factory=dict)
    state: State = State.DRAFT
    last: int | None = None
    shown: tuple[str, date | None] = ("", None)
    public: set[int] = field(default_factory=set)
    erased: set[int] = field(default_factory=set)
    struck: dict[str, State] = field(default_factory=dict)
    # Whether it was taken from readers because its review fell due.
    expired: bool = False
    # When its words were last published, if as a typo.
    typo_at: datetime | None = None
    # The texts of which every signature was taken back.
    disowned: set[str] = field(default_factory=set)
    # When readers last got more than a typo.
    updated_at: datetime | None = None

    @property
    def latest(self):
        return max(self.texts)

    @property
    def live(self):
        return self.last if self.state == State.LIVE else None

    def save(self, text, slug):
        self.texts[self.latest + 1 if self.texts else 1] = text
        self.slugs[self.latest] = slug

    def signed(self, text, at, due_on):
        self.reviews.setdefault(text, []).append((at, due_on))
        self.disowned.discard(text)

    def alike(self, number):
        return {one for one, text in self.texts.items() if text == self.texts[number]}


@dataclass
class Model:
    lives: dict = field(default_factory=dict)
    plans: list = field(default_factory=list)
    # What was live when each publication was planned: nothing newer that went public since gives way to an older one.
    planned_over: dict = field(default_factory=dict)
    # What becomes of an article when its review falls due; nothing was decided of topics, which are flagged.
    policy: OnReviewDue = OnReviewDue.FLAG
    at: datetime = DAWN
    sequence: int = 0

    def act(self, now, *deeds):
        """Do each deed of an act, or none: a deed is a verb's name, an entry's key and the verb's own arguments."""
        self.settle(now)
        at = max(self.at, now)
        for verb, key, *told in deeds:
            self.check(verb, self.lives[key], at, *told)
        self.check_slugs(deeds)
        for verb, key, *told in deeds:
            getattr(self, verb)(self.lives[key], at, *told)
        self.at, self.sequence = at, self.sequence + 1

    def check(self, verb, life, at, *told):
        if not getattr(self, f"may_{verb}")(life, at, *told):
            raise Refused(verb)

    def check_slugs(self, deeds):
        """Live entries that bear a slug, but for those of this act; then those that it makes live."""
        acting = {key for _, key, *_ in deeds}
        borne = {
            (life.kind, life.slugs[life.live])
            for key, life in self.lives.items()
            if life.live and key not in acting
        }
        for verb, key, *told in deeds:
            life = self.lives[key]
            slug = {
                "publish": lambda life=life, told=told: life.slugs[told[0]],
                "reinstate": lambda life=life, told=told: life.slugs[told[0]],
                "move": lambda told=told: told[0],
                "release": lambda life=life: life.slugs[life.last],
                "rereview": lambda life=life: life.slugs[life.last],
            }.get(verb, lambda: None)()
            if slug and (life.kind, slug) in borne:
                raise Refused("slug")
            borne.add((life.kind, slug))

    def settle(self, now):
        """Do what is due, soonest first, reviews before acts; the clock never falls behind the log."""
        moment = max(self.at, now)
        while due := self.first_due(moment):
            kind, what = due
            if kind == "review":
                self.fall_due(what, moment)
                self.at, self.sequence = moment, self.sequence + 1
                continue
            self.plans.remove(what)
            _, verb, key, *told = what
            over, live = self.planned_over.pop(what, None), self.lives[key].live
            if verb == "publish" and live not in (None, over) and live > told[0]:
                continue
            try:
                self.check(verb, self.lives[key], moment, *told)
                self.check_slugs([(verb, key, *told)])
            except Refused:
                continue
            getattr(self, verb)(self.lives[key], moment, *told)
            self.at, self.sequence = moment, self.sequence + 1

    def waits_beside(self, key, verb, number, due_at):
        """Whether the same is planned for another moment, and nothing about the entry in between."""
        of_it = sorted((plan for plan in self.plans if plan[2] == key), key=lambda plan: plan[0])
        before = [plan for plan in of_it if plan[0] <= due_at][-1:]
        after = [plan for plan in of_it if plan[0] > due_at][:1]
        return any((plan[1], *plan[3:4]) == (verb, number) for plan in before + after)

    def fall_due(self, life, moment):
        if held := self.renewed(life, moment):
            life.shown = ("reviewed", held)
        elif taken := self.taken(life):
            life.state, life.expired = taken, True
        else:
            life.shown = ("due", None)

    def taken(self, life):
        """The state into which a review that falls due puts a life, or None where it stays live."""
        return TAKEN.get(self.policy) if life.kind == "article" else None

    def first_due(self, moment):
        reviews = [
            (midnight(life.shown[1]), 0, number, "review", life)
            for number, life in enumerate(self.lives.values())
            if life.live and life.shown[1]
        ]
        plans = [(plan[0], 1, number, "plan", plan) for number, plan in enumerate(self.plans)]
        first = min(reviews + plans, default=None, key=lambda due: due[:3])
        return first[3:] if first and first[0] <= moment else None

    def holding(self, life, text, at):
        """The day until which the newest review of a text holds, or None; an older one never counts again."""
        return self.newest(life.reviews.get(text, []), at)

    def renewed(self, life, at):
        """The same of what readers had last, but for reviews by which a typo went out."""
        text, since = life.texts[life.last], life.typo_at
        later = [one for one in life.reviews.get(text, []) if since is None or one[0] > since]
        return self.newest(later, at)

    def newest(self, reviews, at):
        """The day of the newest of some reviews, while it is to come."""
        due = next((due for signed, due in reversed(reviews) if signed <= at), None)
        return due if due and at.date() < due else None

    def review(self, life, number, at, forced):
        """What readers would be told of a version's review, or None where it may not be shown."""
        if not life.health:
            return ("not_needed", None)
        if held := self.holding(life, life.texts[number], at):
            return ("reviewed", held)
        if (
            life.live
            and life.texts[life.live] == life.texts[number]
            and life.texts[number] not in life.disowned
        ):
            return life.shown
        return ("not_reviewed", None) if forced else None

    def show(self, life, number, shown):
        life.state, life.last, life.shown, life.expired = State.LIVE, number, shown, False
        life.public.add(number)

    def may_publish(self, life, at, number, forced, typo=False):
        return (
            life.state in (State.DRAFT, State.LIVE, State.RETRACTED, State.ERASED)
            and number not in life.erased
            and life.texts[number] not in life.struck
            and life.live != number
            and self.review(life, number, at, forced) is not None
        )

    def publish(self, life, at, number, forced, typo=False):
        shown = self.review(life, number, at, forced)
        if typo and life.live and life.shown[0] == shown[0] == "reviewed":
            shown = ("reviewed", min(life.shown[1], shown[1]))
        life.typo_at = at if typo else None
        if not (typo and life.last):
            life.updated_at = at
        self.show(life, number, shown)

    def may_reinstate(self, life, at, number, forced):
        struck = life.struck.get(life.texts[number])
        return (
            life.state in (*WITHDRAWN, State.RETRACTED, State.LIVE)
            and number not in life.erased
            and struck != State.ERASED
            and not (life.live and struck is None)
            and self.review(life, number, at, forced) is not None
        )

    def reinstate(self, life, at, number, forced):
        shown = self.review(life, number, at, forced)
        life.struck.pop(life.texts[number], None)
        life.typo_at, life.updated_at = None, at
        self.show(life, number, shown)

    def may_move(self, life, at, slug):
        return life.live is not None

    def move(self, life, at, slug):
        shown, draft = life.last, life.latest
        life.save(life.texts[shown], slug)
        moved = life.latest
        if draft > shown and draft not in life.erased:
            life.save(life.texts[draft], slug)
        self.show(life, moved, life.shown)

    def may_withdraw(self, life, at, manner, over=None, planned_at=None):
        if over is not None and life.state in WITHDRAWN:
            return life.expired or not over
        if over is not None and life.state in (State.LIVE, State.HELD):
            return life.texts.get(over) == life.texts[life.last] or life.updated_at <= planned_at
        return life.state in (State.LIVE, State.HELD, *WITHDRAWN)

    def over(self, key, due_at):
        """The version that is to be withdrawn at a moment: 0 where none is public by then, None where none ever was."""
        life = self.lives[key]
        number = life.last if life.state in (State.LIVE, State.HELD) else 0
        number = None if life.state == State.DRAFT else number
        for at, verb, about, *told in sorted(self.plans, key=lambda plan: plan[0]):
            if about == key and at <= due_at and verb in ("publish", "reinstate", "withdraw"):
                number = 0 if verb == "withdraw" else told[0]
        return number

    def withdraw(self, life, at, manner, over=None, planned_at=None):
        life.state, life.expired = manner, False

    def may_hold(self, life, at):
        return life.state == State.LIVE

    def hold(self, life, at):
        life.state = State.HELD

    def may_release(self, life, at):
        renewed = self.renewed(life, at) if life.last else None
        return life.state == State.HELD and not (self.is_due(life, at) and self.taken(life) and not renewed)

    def is_due(self, life, at):
        return life.shown[1] is not None and at.date() >= life.shown[1]

    def release(self, life, at):
        if self.is_due(life, at):
            renewed = self.renewed(life, at)
            life.shown = ("reviewed", renewed) if renewed else ("due", None)
        if life.texts[life.last] in life.disowned:
            life.shown = ("not_reviewed", None)
        life.state, life.expired = State.LIVE, False

    def may_retract(self, life, at, number):
        states = (State.LIVE, State.HELD, State.RETRACTED, State.ERASED, *WITHDRAWN)
        return life.state in states and number in life.public and number not in life.erased

    def retract(self, life, at, number):
        life.struck[life.texts[number]] = State.RETRACTED
        life.expired = False
        if life.last in life.alike(number):
            life.state = State.RETRACTED

    def may_erase(self, life, at, number):
        return True

    def erase(self, life, at, number):
        alike = life.alike(number)
        life.erased |= alike
        if alike & life.public:
            life.struck[life.texts[number]] = State.ERASED
        if life.last in alike:
            life.state = State.ERASED
        life.expired = False

    def may_rereview(self, life, at, signed_at, due_on):
        held = life.expired and life.state == State.HELD
        return (life.live is not None or held) and signed_at <= at and at.date() < due_on

    def rereview(self, life, at, signed_at, due_on):
        life.signed(life.texts[life.last], signed_at, due_on)
        self.show(life, life.last, ("reviewed", due_on))

    def take_back(self, life, at, number):
        text = life.texts[number]
        life.disowned.add(text)
        del life.reviews[text]
        if life.live and life.texts[life.live] == text and life.shown != ("not_reviewed", None):
            life.shown = ("not_reviewed", None)
            self.at, self.sequence = max(self.at, at), self.sequence + 1

    def may_rerender(self, life, at):
        return life.live is not None

    def rerender(self, life, at):
        """Nothing that the model knows of changes."""


def midnight(day):
    return datetime.combine(day, time(), UTC)
