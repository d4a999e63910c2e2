#!/usr/bin/env python3
"""Reads and writes listing_assist.v1 messages with the official protobuf library, to check ours against.

usage: oracle.py DESCRIPTOR_SET < requests > answers

Each line is a JSON object. {"message": M, "bytes": HEX} is parsed: the answer holds its "fields" and "bytes", written
anew; or "refused". {"message": M, "fields": {...}} is written: the answer holds its "bytes". Text is JSON text on both
sides; a bytes field that is not UTF-8 makes "not_text" true. Numbers that
are not finite are text.
"""

import json
import math
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message, message_factory
from google.protobuf.descriptor import FieldDescriptor

PACKAGE = "listing_assist.v1."


def classes(path):
    """The message classes of a serialized FileDescriptorSet."""
    files = descriptor_pb2.FileDescriptorSet()
    with open(path, "rb") as file:
        files.ParseFromString(file.read())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    make = getattr(message_factory, "GetMessageClass", None) or message_factory.MessageFactory(pool).GetPrototype
    return lambda name: make(pool.FindMessageTypeByName(PACKAGE + name))


def fill(target, fields):
    """Sets a message's fields from plain values."""
    for name, value in fields.items():
        kind = target.DESCRIPTOR.fields_by_name[name].type
        convert = (lambda text: text.encode()) if kind == FieldDescriptor.TYPE_BYTES else (lambda number: number)
        if kind == FieldDescriptor.TYPE_MESSAGE:
            if isinstance(value, list):
                for element in value:
                    fill(getattr(target, name).add(), element)
            else:
                getattr(target, name).SetInParent()
                fill(getattr(target, name), value)
        elif isinstance(value, list):
            getattr(target, name).extend(convert(element) for element in value)
        else:
            setattr(target, name, convert(value))


def plain(source):
    """The fields that are set, as plain values."""

    def convert(field, value):
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            return plain(value)
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)
        return value.decode() if field.type == FieldDescriptor.TYPE_BYTES else value

    return {
        field.name: [convert(field, each) for each in value]
        if field.label == FieldDescriptor.LABEL_REPEATED
        else convert(field, value)
        for field, value in source.ListFields()
    }


def answer(request, find):
    """What one line is answered with."""
    target = find(request["message"])()
    if "fields" in request:
        fill(target, request["fields"])
        return {"bytes": target.SerializeToString().hex()}
    try:
        target.ParseFromString(bytes.fromhex(request["bytes"]))
    except message.DecodeError:
        return {"refused": True}
    try:
        return {"fields": plain(target), "bytes": target.SerializeToString().hex()}
    except UnicodeDecodeError:
        return {"not_text": True}


def main():
    find = classes(sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), find)))


if __name__ == "__main__":
    main()
