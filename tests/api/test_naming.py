"""Every titled schema of the document becomes one component with a name of its own."""

from api.naming import name_all

WORDS = {"title": "Kind", "type": "string", "enum": ["typo", "safety"]}


def thing(title, /, **properties):
    return {"title": title, "type": "object", "properties": properties, "required": list(properties)}


def schemas(**components):
    return name_all({"components": {"schemas": components}})["components"]["schemas"]


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


class TestNameAll:
    def test_it_makes_one_component_of_those_that_are_alike(self):
        page = thing("Page", limit={"type": "integer", "example": 20})

        made = schemas(ArticleList=thing("A", page=page), FaqList=thing("F", page=page))

        assert made["Page"]["properties"] == {"limit": {"type": "integer"}}
        assert made["ArticleList"]["properties"]["page"] == ref("Page")
        assert made["FaqList"]["properties"]["page"] == ref("Page")
        assert "title" not in made["ArticleList"]

    def test_it_leaves_a_title_to_those_that_are_met_most_and_names_others_for_their_place(self):
        full, bare = thing("Dates", on=WORDS, at=WORDS), thing("Dates", on=WORDS)

        made = schemas(
            FaqVersion=thing("V", dates=bare),
            Article=thing("A", dates=full),
            Faq=thing("F", dates=full),
        )

        assert made["Article"]["properties"]["dates"] == ref("Dates")
        assert made["FaqVersion"]["properties"]["dates"] == ref("FaqVersionDates")
        assert set(made["FaqVersionDates"]["properties"]) == {"on"}

    def test_it_never_takes_the_name_of_a_component(self):
        made = schemas(Article=thing("A", id=WORDS), Faq=thing("F", article=thing("Article", slug=WORDS)))

        assert made["Faq"]["properties"]["article"] == ref("FaqArticle")
        assert set(made["Article"]["properties"]) == {"id"}

    def test_it_says_beside_a_name_that_it_may_be_null(self):
        kind = WORDS | {"type": ["string", "null"], "enum": ["typo", "safety", None]}

        made = schemas(Change=thing("C", kind=kind, kinds={"type": "array", "items": WORDS}))

        assert made["Change"]["properties"]["kind"] == {"anyOf": [ref("Kind"), {"type": "null"}]}
        assert made["Change"]["properties"]["kinds"] == {"type": "array", "items": ref("Kind")}
        assert made["Kind"] == {"type": "string", "enum": ["typo", "safety"]}

    def test_it_keeps_fields_that_are_called_title_or_example(self):
        made = schemas(Card=thing("C", title={"type": "string"}, example={"type": "string"}))

        assert set(made["Card"]["properties"]) == {"title", "example"}
