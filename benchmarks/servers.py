"""The references: a bare Starlette route, and the echo of the SDK's examples.

`python -m benchmarks.servers NAME PORT API`
"""

import base64
import hashlib
import hmac
import json
import sys
from typing import Any

from benchmarks.load import SECRET, TOKEN


def bare(api: str) -> Any:
    """A Starlette route that checks the signature and decodes the body."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def hook(request: Request) -> JSONResponse:
        body = await request.body()
        digest = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
        if not hmac.compare_digest(digest, request.headers["x-line-signature"]):
            return JSONResponse({}, 401)
        json.loads(body)
        return JSONResponse({})

    return Starlette(routes=[Route("/line/{endpoint}", hook, methods=["POST"])])


def echo(api: str) -> Any:
    """The SDK's FastAPI echo example: parse with the SDK, reply with the SDK, store nothing.

    https://github.com/line/line-bot-sdk-python/tree/master/examples/fastapi-echo
    """
    from fastapi import FastAPI, HTTPException, Request
    from linebot.v3.exceptions import InvalidSignatureError
    from linebot.v3.messaging import AsyncApiClient, AsyncMessagingApi, Configuration, ReplyMessageRequest, TextMessage
    from linebot.v3.webhook import WebhookParser
    from linebot.v3.webhooks import MessageEvent, TextMessageContent

    app, parser = FastAPI(), WebhookParser(SECRET)
    line: list[AsyncMessagingApi] = []

    @app.post("/line/{endpoint}")
    async def callback(endpoint: str, request: Request) -> str:
        if not line:
            line.append(AsyncMessagingApi(AsyncApiClient(Configuration(access_token=TOKEN, host=api))))
        body = (await request.body()).decode()
        try:
            events = parser.parse(body, request.headers["X-Line-Signature"])
        except InvalidSignatureError:
            raise HTTPException(status_code=400, detail="Invalid signature") from None
        for event in events:
            if isinstance(event, MessageEvent) and isinstance(event.message, TextMessageContent):
                await line[0].reply_message(
                    ReplyMessageRequest(reply_token=event.reply_token, messages=[TextMessage(text=event.message.text)])
                )
        return "OK"

    return app


SERVERS = {"bare": bare, "echo": echo}


def main() -> None:
    """Serve one of them on one process."""
    import uvicorn

    name, port, api = sys.argv[1:4]
    uvicorn.run(SERVERS[name](api), host="127.0.0.1", port=int(port), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
