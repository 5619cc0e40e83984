"""Asks a server over the Model Context Protocol with the Python client, in both eras; prints what it found as JSON lines."""

import asyncio
import json
import sys

from mcp import Client

url = sys.argv[1]


async def ask(mode):
    async with Client(url, mode=mode) as client:
        tools = (await client.list_tools()).tools
        good = await client.call_tool("iris", {"length": 4, "width": 2})
        bad = await client.call_tool("iris", {"length": -4})
        try:
            await client.call_tool("rose", {})
            unknown = None
        except Exception as error:
            unknown = str(error)
        return {
            "version": client.protocol_version,
            "tools": [tool.name for tool in tools],
            "required": tools[0].input_schema["required"],
            "good": [good.structured_content, bool(good.is_error)],
            "bad": [bad.content[0].text, bool(bad.is_error)],
            "unknown": unknown,
        }


for mode in ("auto", "legacy"):
    print(json.dumps(asyncio.run(ask(mode))), flush=True)
