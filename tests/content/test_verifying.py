"""What does not fit is told, whoever wrote it into the database; and what fits is not."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, text, update

from content import granting, partners, publishing, signatures, signing, verifying
from content.documents import Document, digest
from content.editions import Edition
from content.log import Act, Line
from content.partners import Reach
from content.pictures import Rendition
from content.signatures import Signature, SigningKey
from content.signing import Key
from content.versions import Version
from tests.builders import ED, MAY_DAY, a_live_article, a_live_faq, a_live_image, publish, saved, signed


@pytest.fixture
def key(engine):
    """The key that is signed with."""
    made = Key(Ed25519PrivateKey.generate())
    signing.use(engine, made)
    return made


@pytest.fixture
def texts(session, key):
    """An article in two versions, an FAQ and an image, all public."""
    first = a_live_article(session)
    publish(session, signed(session, saved(session, first, body="Other words.")), note="Anew.")
    a_live_faq(session, article=str(first.entry_id))
    a_live_image(session)
    return first


def told(session):
    session.rollback()
    return list(verifying.faults(session))


def tampered(session, statement):
    """Do what the database refuses: as whoever owns it can."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        for [name] in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f'DROP TRIGGER "{name}"'))
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
    session.execute(statement.execution_options(synchronize_session=False))


def live(session):
    """The document that readers have of the article."""
    shown = session.query(Edition).filter_by(type="article", until_sequence=None).one()
    return session.get(Document, shown.document_hash)


class TestFaults:
    def test_there_are_none_in_what_acts_wrote(self, session, texts):
        publishing.retract(session, texts.entry_id, [1], note="Wrong.", by=ED, now=MAY_DAY)
        other = a_live_article(session, slug="jane")
        publishing.erase(session, other.entry_id, by=ED, now=MAY_DAY)

        assert told(session) == []

    def test_a_changed_word_is_one(self, session, texts):
        kept = live(session)
        words = kept.body.replace(b"Other", b"Wrong")
        tampered(session, update(Document).where(Document.hash == kept.hash).values(body=words))
        session.commit()

        faults = told(session)

        assert faults[0] == f"document {kept.hash} is not what its hash says"
        assert "is not what was signed with key" in faults[1]

    # PostgreSQL keeps no words where bytes are kept.
    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    @pytest.mark.parametrize(
        ("column", "names"),
        [
            (Document.body, ["document"]),
            (Document.card, ["document"]),
            (Rendition.body, ["picture"]),
            (SigningKey.public, ["key"]),
        ],
    )
    def test_bytes_that_were_made_words_are_one(self, session, texts, column, names):
        table = column.class_.__table__
        tampered(
            session, text(f"UPDATE \"{table.name}\" SET {column.key} = replace({column.key}, X'00', X'00')")
        )
        session.commit()

        faults = told(session)

        assert faults
        assert {one.split()[0] for one in faults} == set(names)

    def test_the_last_act_that_was_taken_away_with_what_a_grant_tells_of_it_is_one(self, session, texts):
        partner = partners.create(session, "A magazine")
        session.commit()
        act = granting.grant(session, partner.id, Reach(), by=ED, now=MAY_DAY)
        tampered(session, delete(Act).where(Act.sequence == act.sequence))
        if session.get_bind().dialect.name == "sqlite":
            session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")

        assert list(verifying.faults(session)) == [
            f"act {act.sequence}, by which a grant began or ended, is missing"
        ]

    def test_a_changed_word_is_one_though_its_hashes_were_made_anew(self, session, texts, key):
        kept = live(session)
        words = kept.body.replace(b"Other", b"Wrong")
        new = digest(kept.renderer, kept.card, words)
        for table, column in ((Line, Line.document_hash), (Edition, Edition.document_hash)):
            tampered(session, update(table).where(column == kept.hash).values(document_hash=new))
        row = {"hash": new, "body": words}
        tampered(session, update(Document).where(Document.hash == kept.hash).values(**row))
        tampered(
            session, update(Signature).where(Signature.document_hash == kept.hash).values(document_hash=new)
        )
        session.commit()

        assert told(session) == [f"document {new} is not what was signed with key {key.id}"]

    def test_a_signature_that_was_taken_away_or_made_with_another_key_is_one(self, session, texts, key):
        kept = live(session)
        forger = Key(Ed25519PrivateKey.generate())
        session.execute(delete(Signature).where(Signature.document_hash == kept.hash))
        signatures.store(session, {kept.hash: signatures.signed(kept.body, forger)})
        session.commit()

        assert told(session) == [f"1 documents that are public are not signed with key {key.id}"]

    @pytest.mark.parametrize("number", [1, 2])
    def test_a_version_that_is_missing_is_one(self, session, texts, number):
        tampered(session, delete(Version).where(Version.entry_id == texts.entry_id, Version.number == number))
        if session.get_bind().dialect.name == "sqlite":
            # Whoever takes rows away by hand has no keys checked.
            session.execute(text("PRAGMA defer_foreign_keys = ON"))

        assert f"version {number} of entry {texts.entry_id} is missing" in list(verifying.faults(session))

    def test_a_document_in_the_place_of_another_is_one(self, session, texts):
        wrong = session.query(Document).filter_by(version=1, entry_id=texts.entry_id).one()
        kept = live(session)
        tampered(
            session, update(Line).where(Line.document_hash == kept.hash).values(document_hash=wrong.hash)
        )
        session.commit()

        assert f"document {wrong.hash} is not of the version that act 2 shows" in told(session)

    def test_an_edition_that_follows_from_no_line_is_one(self, session, texts):
        session.execute(update(Edition).where(Edition.type == "faq").values(slug="elsewhere"))
        session.commit()

        [fault] = told(session)
        assert fault.endswith("stood differently")

    def test_nothing_need_be_signed_where_no_key_is_set(self, session, engine, texts):
        signing.use(engine, None)
        a_live_article(session, slug="unsigned")

        assert told(session) == []
