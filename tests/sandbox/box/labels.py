"""Classification labels and watermarks."""

from tests.sandbox.box.access import EDIT
from tests.sandbox.box.call import Call
from tests.sandbox.box.items import Item
from tests.sandbox.box.moments import told
from tests.sandbox.box.refusal import Refusal, invalid, not_found
from tests.sandbox.box.router import Route, route
from tests.sandbox.exchange import Answer, Json

TEMPLATE = "securityClassification-6VMVochwUWo"
KEY = "Box__Security__Classification__Key"
TEMPLATE_ID = "7c9e1b52-52d9-4f0e-9a3e-6f6f1a0c2d11"


def schema(call: Call) -> Answer:
    _need_template(call)
    options = [
        {"id": f"{TEMPLATE_ID[:-2]}{number:02d}", "key": name}
        for number, name in enumerate(call.state.classifications, 20)
    ]
    field = {
        "id": f"{TEMPLATE_ID[:-2]}10",
        "type": "enum",
        "key": KEY,
        "displayName": "Classification",
        "hidden": False,
        "options": options,
    }
    shape = {
        "id": TEMPLATE_ID,
        "type": "metadata_template",
        "scope": f"enterprise_{call.state.enterprise.id}",
        "templateKey": TEMPLATE,
        "displayName": "Classification",
        "hidden": False,
        "copyInstanceOnItemCopy": True,
        "fields": [field],
    }
    return Answer.of_json(shape)


def shown(call: Call) -> Answer:
    item = _item(call)
    if item.classification is None:
        raise Refusal(404, "instance_not_found", "The item has no classification")
    return Answer.of_json(_shape(call, item))


def added(call: Call) -> Answer:
    item = _changeable(call)
    if item.classification is not None:
        raise Refusal(409, "tuple_already_exists", "The item is classified already")
    _set(call, item, call.body().get(KEY))
    return Answer.of_json(_shape(call, item), 201)


def replaced(call: Call) -> Answer:
    """The body is a list with one step of a JSON patch."""
    item = _changeable(call)
    if item.classification is None:
        raise Refusal(404, "instance_not_found", "The item has no classification")
    try:
        [step] = call.request.json()
    except ValueError:
        raise Refusal(400, "bad_request", "The body must be a list of one step") from None
    if step.get("op") != "replace" or step.get("path") != f"/{KEY}":
        raise invalid("path", "Only the classification can be replaced")
    _set(call, item, step.get("value"))
    return Answer.of_json(_shape(call, item))


def removed(call: Call) -> Answer:
    item = _changeable(call)
    if item.classification is None:
        raise Refusal(404, "instance_not_found", "The item has no classification")
    item.classification = None
    return Answer(204)


def _set(call: Call, item: Item, name: Json) -> None:
    if name not in call.state.classifications:
        raise Refusal(400, "schema_validation_failed", "There is no such label")
    item.classification = str(name)


def _need_template(call: Call) -> None:
    if not call.state.has_classification:
        raise Refusal(404, "instance_tuple_not_found", "There is no template for classifications")


def _item(call: Call) -> Item:
    return call.file() if "file_id" in call.parameters else call.folder()


def _changeable(call: Call) -> Item:
    _need_template(call)
    item = _item(call)
    call.need_on(item, EDIT)
    return item


def _shape(call: Call, item: Item) -> dict[str, Json]:
    return {
        KEY: item.classification,
        "$parent": f"{item.kind}_{item.id}",
        "$template": TEMPLATE,
        "$scope": f"enterprise_{call.state.enterprise.id}",
        "$version": 1,
        "$type": f"{TEMPLATE}-{TEMPLATE_ID}",
        "$typeVersion": 1.0,
        "$canEdit": True,
    }


def watermark(call: Call) -> Answer:
    item = _item(call)
    if item.watermarked_at is None:
        raise not_found()
    return _watermark(item, 200)


def watermarked(call: Call) -> Answer:
    item = _item(call)
    call.need_on(item, EDIT)
    is_new = item.watermarked_at is None
    item.watermarked_at = call.state.now()
    return _watermark(item, 201 if is_new else 200)


def unmarked(call: Call) -> Answer:
    item = _item(call)
    call.need_on(item, EDIT)
    if item.watermarked_at is None:
        raise not_found()
    item.watermarked_at = None
    return Answer(204)


def _watermark(item: Item, status: int) -> Answer:
    at = told(item.watermarked_at)
    return Answer.of_json({"watermark": {"created_at": at, "modified_at": at}}, status)


READ = ("root_readonly",)
WRITE = ("root_readwrite",)


def _routes(item: str) -> list[Route]:
    label, mark = f"{item}/metadata/enterprise/{TEMPLATE}", f"{item}/watermark"
    return [
        route("GET", label, shown, *READ),
        route("POST", label, added, *WRITE),
        route("PUT", label, replaced, *WRITE),
        route("DELETE", label, removed, *WRITE),
        route("GET", mark, watermark, *READ),
        route("PUT", mark, watermarked, *WRITE),
        route("DELETE", mark, unmarked, *WRITE),
    ]


ROUTES = [
    route("GET", f"/metadata_templates/enterprise/{TEMPLATE}/schema", schema, *READ),
    *_routes("/files/{file_id}"),
    *_routes("/folders/{folder_id}"),
]
