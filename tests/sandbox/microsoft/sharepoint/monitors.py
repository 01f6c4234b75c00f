"""How far a copy is."""

from tests.sandbox.exchange import Answer
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.router import route


def polled(call: Call) -> Answer:
    """202 until the end and then, too, or 303 with the copy's address: what counts is `status`."""
    files = call.state.files
    job = files.jobs.get(call.parameters["job_id"])
    if job is None:
        return Answer.of_json({"error": {"code": "itemNotFound", "message": "The job does not exist."}}, 404)
    if job.polls_left > 0:
        job.polls_left -= 1
        said = {"operation": "ItemCopy", "percentageComplete": 27.8, "status": "inProgress"}
        return Answer.of_json(said, 202)
    if job.error:
        error = {"code": job.error, "message": "The copy has failed."}
        return Answer.of_json({"operation": "ItemCopy", "status": "failed", "error": error}, 202)
    done = {"percentageComplete": 100.0, "resourceId": job.item_id, "status": "completed"}
    if files.monitor_status == 202:
        return Answer.of_json(done, 202)
    item = files.items.get(job.item_id)
    drive_id = item.drive_id if item else ""
    location = call.request.url(f"/v1.0/drives/{drive_id}/items/{job.item_id}", "graph.microsoft.com")
    return Answer.of_json(done, files.monitor_status, {"Location": location})


ROUTES = [route("GET", "/monitor/{job_id}", polled)]
