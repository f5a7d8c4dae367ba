// echo.proto as grpc-js and as Connect want it: one file, two readers.
"use strict";
const path = require("path");
const loader = require("@grpc/proto-loader");

const definition = loader.loadSync(path.join(__dirname, "echo.proto"), { keepCase: true, defaults: true });

/// For grpc-js: the methods with their serializers.
const grpcService = definition["test.Echo"];

/// For Connect: the service, described by the same bytes.
function connectService() {
    const { fromBinary, createFileRegistry } = require("@bufbuild/protobuf");
    const { FileDescriptorProtoSchema } = require("@bufbuild/protobuf/wkt");
    const [bytes] = definition["test.Piece"].fileDescriptorProtos;
    return createFileRegistry(fromBinary(FileDescriptorProtoSchema, bytes), () => undefined).getService("test.Echo");
}

module.exports = { grpcService, connectService };
