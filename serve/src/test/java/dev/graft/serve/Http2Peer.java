package dev.graft.serve;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A peer that writes whatever frames of HTTP/2 it is told to (RFC 9113), well or ill. */
final class Http2Peer implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    private static final int HEAD_BYTES = 9;
    private static final int PATIENCE_MS = 20_000;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Socket socket = new Socket();
    private final DataInputStream in;

    /** A frame that came. */
    record Frame(int type, int flags, int stream, byte[] payload) {}

    Http2Peer(int port) throws IOException {
        socket.setSoTimeout(PATIENCE_MS);
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write(PREFACE.getBytes(StandardCharsets.US_ASCII));
        write(SETTINGS, 0, 0);
    }

    /** The bytes of a frame. */
    static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(HEAD_BYTES + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    void write(int type, int flags, int stream, byte... payload) throws IOException {
        write(frame(type, flags, stream, payload));
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Begins a request to {@code /predict}. */
    void headers(int stream, int flags, String... more) throws IOException {
        write(HEADERS, flags, stream, headerBlock(more));
    }

    /** Asks for a text's prediction. */
    void predict(int stream) throws IOException {
        headers(stream, END_HEADERS);
        write(DATA, END_STREAM, stream, "{\"inputs\": \"card lost\"}".getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] headerBlock(String... more) throws IOException {
        var block = new ByteArrayOutputStream();
        String[] own = {":method", "POST", ":scheme", "http", ":path", "/predict", ":authority", "x"};
        for (String[] part : new String[][] {own, more}) {
            for (int i = 0; i < part.length; i += 2) {
                block.write(0);
                literal(block, part[i]);
                literal(block, part[i + 1]);
            }
        }
        return block.toByteArray();
    }

    /** A text as it is, after its length (RFC 7541, 5.2). */
    private static void literal(ByteArrayOutputStream block, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        int rest = bytes.length - 127;
        block.write(rest < 0 ? bytes.length : 127);
        for (; rest >= 128; rest >>= 7) {
            block.write(rest % 128 + 128);
        }
        if (bytes.length >= 127) {
            block.write(rest);
        }
        block.write(bytes);
    }

    static byte[] setting(int name, int value) {
        return ByteBuffer.allocate(6).putShort((short) name).putInt(value).array();
    }

    /** The next frame. */
    Frame read() throws IOException {
        byte[] head = in.readNBytes(HEAD_BYTES);
        if (head.length < HEAD_BYTES) {
            throw new IOException("The server has closed the connection");
        }
        int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
        int stream = ByteBuffer.wrap(head, 5, 4).getInt();
        return new Frame(head[3], head[4] & 0xff, stream, in.readNBytes(length));
    }

    /** Reads until a frame of a type comes; false where the server closes the connection before. */
    boolean awaitFrame(int type) throws IOException {
        try {
            while (read().type() != type) {
                Thread.onSpinWait();
            }
            return true;
        } catch (SocketTimeoutException late) {
            throw late;
        } catch (IOException closed) {
            return false;
        }
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
