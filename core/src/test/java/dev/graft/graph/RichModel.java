package dev.graft.graph;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;

/** A small model that holds what real models seldom do, written field by field from onnx.proto. */
final class RichModel {
    private RichModel() {}

    static byte[] bytes() {
        return bytes(model());
    }

    static byte[] bytes(Output message) {
        var bytes = new ByteArrayOutputStream();
        try {
            message.writeTo(Channels.newChannel(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Output message() {
        return new Output(Extras.NONE);
    }

    static Output model() {
        return message()
                .whole(1, 10)
                .textAlways(2, "hand")
                .textAlways(4, "")
                .textAlways(6, "documentation")
                .message(7, graph())
                .message(8, message().whole(2, 17))
                .message(8, message().textAlways(1, "local").whole(2, 1))
                .message(14, Entry.write("author", "nobody"))
                .message(14, message().textAlways(1, "key only"))
                .message(20, message().message(2, message().textAlways(2, "training")))
                .message(25, function())
                .message(26, message().textAlways(1, "device"))
                .whole(1000, 5);
    }

    private static Output graph() {
        return message()
                .message(1, reduce())
                .message(1, choice())
                .message(1, call())
                .textAlways(2, "rich")
                .message(5, floats("w1", 2))
                .message(5, tensor(7, 3).bytes(7, packed(1, 2, -1)).textAlways(8, "w2"))
                .message(5, tensor(10, 1).whole(5, 0x3c00).textAlways(8, "w3"))
                .message(5, tensor(8, 2).textAlways(6, "a").textAlways(6, "b").textAlways(8, "w4"))
                .message(
                        5,
                        tensor(1, 2).textAlways(8, "w5").bytes(9, reals(1, 2)).textAlways(12, "kept"))
                .textAlways(10, "a graph with documentation")
                .message(11, value("x"))
                .message(11, sequence())
                .message(12, value("y"))
                .message(13, value("z"))
                .message(14, message().textAlways(1, "w1").message(2, Entry.write("SCALE_TENSOR", "w3")))
                .message(15, sparse())
                .message(16, Entry.write("graph", "metadata"));
    }

    private static Output reduce() {
        return message()
                .textAlways(1, "x")
                .textAlways(1, "")
                .textAlways(1, "w1")
                .textAlways(2, "z")
                .textAlways(3, "")
                .textAlways(4, "Mystery")
                .message(5, attribute("documented", 2).textAlways(13, "why").whole(20, 2))
                .message(5, message().textAlways(1, "untyped").whole(3, 0))
                .message(
                        5,
                        message()
                                .textAlways(1, "packed")
                                .bytes(8, packed(1, 2, 3))
                                .whole(20, 7))
                .message(
                        5,
                        message()
                                .textAlways(1, "plain")
                                .whole(8, 1)
                                .whole(8, -1)
                                .whole(20, 7))
                .message(
                        5,
                        message()
                                .textAlways(1, "bytes")
                                .bytes(4, ByteBuffer.wrap(new byte[] {-1, 0}))
                                .whole(20, 3))
                .message(5, message().textAlways(1, "type").message(14, type()).whole(20, 13))
                .message(
                        5,
                        message()
                                .textAlways(1, "named")
                                .message(5, floats("inner", 1))
                                .whole(20, 4))
                .textAlways(7, "odd.domain")
                .textAlways(8, "overload")
                .message(9, Entry.write("namespace", ": Net/encoder.layer.0: Layer/mystery: aten"));
    }

    private static Output choice() {
        Output branch = message()
                .message(1, message().textAlways(1, "z").textAlways(2, "inside").textAlways(4, "Relu"))
                .textAlways(2, "branch")
                .message(12, message().textAlways(1, "inside"));
        return message()
                .textAlways(1, "z")
                .textAlways(2, "chosen")
                .textAlways(4, "If")
                .message(
                        5,
                        message()
                                .textAlways(1, "then_branch")
                                .message(6, branch)
                                .whole(20, 5));
    }

    private static Output call() {
        return message()
                .textAlways(1, "chosen")
                .textAlways(2, "y")
                .textAlways(3, "call")
                .textAlways(4, "Twice")
                .message(5, message().textAlways(1, "scale").real(2, 0.5f).whole(20, 1))
                .textAlways(7, "local");
    }

    private static Output function() {
        Output scaled = message()
                .textAlways(1, "a")
                .textAlways(2, "b")
                .textAlways(4, "LeakyRelu")
                .message(5, message().textAlways(1, "alpha").whole(20, 1).textAlways(21, "scale"));
        return message()
                .textAlways(1, "Twice")
                .textAlways(4, "a")
                .textAlways(5, "b")
                .textAlways(6, "scale")
                .message(7, scaled)
                .textAlways(8, "documentation")
                .message(9, message().textAlways(1, "").whole(2, 17))
                .textAlways(10, "local")
                .message(11, message().textAlways(1, "other").whole(3, 3).whole(20, 2));
    }

    private static Output attribute(String name, long value) {
        return message().textAlways(1, name).whole(3, value);
    }

    private static Output value(String name) {
        return message().textAlways(1, name).message(2, type()).textAlways(3, "a value");
    }

    private static Output type() {
        Output shape = message()
                .message(1, message().textAlways(2, "batch").textAlways(3, "DATA_BATCH"))
                .message(1, message().whole(1, 2))
                .message(1, message());
        return message().message(1, message().whole(1, 1).message(2, shape)).textAlways(6, "TENSOR");
    }

    private static Output sequence() {
        return message()
                .textAlways(1, "s")
                .message(2, message().message(4, message().message(1, type())));
    }

    private static Output tensor(int type, long size) {
        return message().whole(1, size).whole(2, type);
    }

    private static Output floats(String name, int count) {
        return tensor(1, count)
                .bytes(4, reals(count == 1 ? new float[] {1} : new float[] {1, 2}))
                .textAlways(8, name);
    }

    private static Output sparse() {
        return message()
                .message(1, floats("sparse", 2))
                .message(2, tensor(7, 2).bytes(7, packed(0, 5)))
                .whole(3, 2)
                .whole(3, 3);
    }

    static ByteBuffer reals(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.flip();
    }

    /** Whole numbers as packed varints. */
    static ByteBuffer packed(long... values) {
        var bytes = new ByteArrayOutputStream();
        for (long value : values) {
            byte[] field = bytes(message().whole(1, value));
            bytes.write(field, 1, field.length - 1);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }
}
