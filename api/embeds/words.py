"""Words: what an embed says of a text besides the text, in the text's own language where we have that."""

from dataclasses import dataclass
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date


@dataclass(frozen=True)
class Words:
    """The labels of one language; `stale` is shown by whoever keeps a copy that has grown too old."""

    source: str
    version: str
    updated: str
    reviewed: str
    next_review: str
    review: str
    overdue: str
    unreviewed: str
    rights: str
    since: str
    instead: str
    here_now: str
    nothing: str
    stale: str


_ENGLISH = Words(
    source="Source",
    version="Version",
    updated="Last changed",
    reviewed="Last reviewed",
    next_review="Next review",
    review="Review",
    overdue="overdue since",
    unreviewed="not reviewed",
    rights="Rights",
    since="Since",
    instead="Read this instead",
    here_now="It is here now",
    nothing="There is nothing here.",
    stale="This copy could not be refreshed in time and is not shown any more. Please read the text at its source.",
)
# By language; readers of any other are told in English.
_WORDS = {
    "en": _ENGLISH,
    "de": Words(
        source="Quelle",
        version="Fassung",
        updated="Zuletzt geändert",
        reviewed="Zuletzt geprüft",
        next_review="Nächste Prüfung",
        review="Prüfung",
        overdue="überfällig seit",
        unreviewed="nicht geprüft",
        rights="Rechte",
        since="Seit",
        instead="Stattdessen lesen",
        here_now="Jetzt hier",
        nothing="Hier ist nichts.",
        stale="Diese Kopie konnte nicht rechtzeitig erneuert werden und wird nicht mehr gezeigt."
        " Bitte lesen Sie den Text an seiner Quelle.",
    ),
    "es": Words(
        source="Fuente",
        version="Versión",
        updated="Último cambio",
        reviewed="Última revisión",
        next_review="Próxima revisión",
        review="Revisión",
        overdue="pendiente desde",
        unreviewed="sin revisar",
        rights="Derechos",
        since="Desde",
        instead="Lea esto en su lugar",
        here_now="Ahora está aquí",
        nothing="Aquí no hay nada.",
        stale="Esta copia no se pudo actualizar a tiempo y ya no se muestra. Lea el texto en su fuente.",
    ),
    "fr": Words(
        source="Source",
        version="Version",
        updated="Dernière modification",
        reviewed="Dernière relecture",
        next_review="Prochaine relecture",
        review="Relecture",
        overdue="en retard depuis le",
        unreviewed="non relu",
        rights="Droits",
        since="Depuis le",
        instead="À lire à la place",
        here_now="Désormais ici",
        nothing="Il n’y a rien ici.",
        stale="Cette copie n’a pas pu être actualisée à temps et n’est plus affichée."
        " Veuillez lire le texte à sa source.",
    ),
    "it": Words(
        source="Fonte",
        version="Versione",
        updated="Ultima modifica",
        reviewed="Ultima revisione",
        next_review="Prossima revisione",
        review="Revisione",
        overdue="scaduta dal",
        unreviewed="non revisionato",
        rights="Diritti",
        since="Dal",
        instead="Da leggere al suo posto",
        here_now="Ora si trova qui",
        nothing="Qui non c’è nulla.",
        stale="Questa copia non è stata aggiornata in tempo e non viene più mostrata. Legga il testo alla sua fonte.",
    ),
    "nl": Words(
        source="Bron",
        version="Versie",
        updated="Laatst gewijzigd",
        reviewed="Laatst beoordeeld",
        next_review="Volgende beoordeling",
        review="Beoordeling",
        overdue="verlopen sinds",
        unreviewed="niet beoordeeld",
        rights="Rechten",
        since="Sinds",
        instead="Lees in plaats daarvan",
        here_now="Nu hier",
        nothing="Hier is niets.",
        stale="Deze kopie kon niet op tijd worden ververst en wordt niet meer getoond. Lees de tekst bij de bron.",
    ),
}


def of(locale: str) -> Words:
    """Return the words of a language tag (BCP 47)."""
    return _WORDS.get(locale.partition("-")[0], _ENGLISH)


def day(text: str, locale: str) -> str:
    """Return a day or an instant of ours (RFC 3339) as people of that language write the day, in UTC."""
    spoken = _locale(locale) if locale.partition("-")[0] in _WORDS else Locale("en")
    return str(format_date(date.fromisoformat(text[:10]), format="long", locale=spoken))


def direction(locale: str) -> str:
    """Return in which direction a language is written: `ltr` or `rtl`."""
    return str(_locale(locale).text_direction)


def _locale(tag: str) -> Locale:
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
