"""What users sent: bytes of images, videos, audio and files.

https://developers.line.biz/en/reference/messaging-api/#get-content
"""

from __future__ import annotations

from runtime.simulator import answers
from runtime.simulator.answers import Refusal
from runtime.simulator.api.call import ApiCall
from runtime.simulator.media import picture
from runtime.simulator.values import Answer, Content


def _content(call: ApiCall) -> Content:
    id = call.params["messageId"]
    said, content = call.platform.chats.find(id), call.platform.contents.get(id)
    if content is None or said is None or said.bot != call.name:
        raise Refusal(answers.CONTENT_NOT_FOUND)
    if content.state == "gone":
        raise Refusal(answers.GONE)
    return content


def _preparing(call: ApiCall, content: Content) -> bool:
    return content.ready is None or content.ready > call.now()


def content(call: ApiCall) -> Answer:
    """202 while large video and audio is prepared, 410 after unsending."""
    found = _content(call)
    if found.state == "failed":
        raise Refusal(answers.CONTENT_NOT_FOUND)
    if _preparing(call, found):
        raise Refusal(answers.PREPARING)
    return Answer(200, found.data, (), found.type)


def preview(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-image-or-video-preview"""
    found = _content(call)
    if found.kind not in ("image", "video"):
        raise Refusal(answers.error(400, "The content can not be previewed"))
    if _preparing(call, found):
        raise Refusal(answers.PREPARING)
    if found.kind == "image":
        return Answer(200, found.data, (), found.type)
    return Answer(200, picture(240, 135), (), "image/png")


def transcoding(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#verify-video-or-audio-preparation-status"""
    found = _content(call)
    if found.kind not in ("video", "audio"):
        raise Refusal(answers.error(400, "Transcoding status doesn't support this type of content"))
    if found.state == "failed":
        return Answer(200, {"status": "failed"})
    return Answer(200, {"status": "processing" if _preparing(call, found) else "succeeded"})
