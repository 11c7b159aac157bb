package dev.graft.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 with or without a mark at its beginning, decoded strictly: every line with a byte that is not UTF-8, or with a
 * NUL, is a finding; reading goes on behind it.
 */
final class Utf8Reader extends Reader {
    private static final int CHUNK = 1 << 14;

    private final InputStream in;
    private final Findings findings;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final ByteBuffer bytes = ByteBuffer.allocate(CHUNK).flip();
    private final CharBuffer decoded = CharBuffer.allocate(CHUNK).flip();
    private boolean ended;
    private boolean begun;
    private boolean afterReturn;
    private long line = 1;
    private long lastFound;

    Utf8Reader(InputStream in, Findings findings) {
        this.in = in;
        this.findings = findings;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        while (!decoded.hasRemaining()) {
            if (ended && !bytes.hasRemaining()) {
                return -1;
            }
            decode();
        }
        int count = Math.min(length, decoded.remaining());
        decoded.get(target, offset, count);
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void decode() throws IOException {
        refill();
        decoded.clear();
        CoderResult result = decoder.decode(bytes, decoded, ended);
        decoded.flip();
        inspect();
        if (result.isError()) {
            int bad = Byte.toUnsignedInt(bytes.get());
            bytes.position(bytes.position() + result.length() - 1);
            found("byte 0x%02X is not UTF-8; save the file as UTF-8".formatted(bad));
            decoded.limit(decoded.limit() == decoded.capacity() ? decoded.limit() : decoded.limit() + 1);
            decoded.put(decoded.limit() - 1, '\uFFFD');
        }
    }

    private void refill() throws IOException {
        if (ended) {
            return;
        }
        bytes.compact();
        int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
        ended = count < 0;
        bytes.position(bytes.position() + Math.max(count, 0)).flip();
    }

    /** Counts lines (ended by LF, CR or both), looks for NUL characters and takes the mark away. */
    private void inspect() {
        if (!begun && decoded.hasRemaining()) {
            begun = true;
            if (decoded.get(decoded.position()) == '\uFEFF') {
                decoded.get();
            }
        }
        for (int i = decoded.position(); i < decoded.limit(); i++) {
            char c = decoded.get(i);
            if (c == '\r' || c == '\n' && !afterReturn) {
                line++;
            } else if (c == 0) {
                found("a NUL byte; the file is not plain text, or was damaged");
            }
            afterReturn = c == '\r';
        }
    }

    private void found(String message) {
        if (line != lastFound) {
            findings.add(line, message);
            lastFound = line;
        }
    }
}
