package dev.graft.torch;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** The files of a {@code .tar.gz}, in memory. Source: POSIX.1-2001, "ustar Interchange Format", and GNU's long names. */
public final class Tar {
    private static final int BLOCK = 512;

    private Tar() {}

    /** Contents by path. */
    static Map<String, byte[]> read(Path archive) {
        return read(archive, "", Integer.MAX_VALUE);
    }

    /** The contents of the first files whose path has a part, by path. */
    public static Map<String, byte[]> read(Path archive, String part, int most) {
        var files = new TreeMap<String, byte[]>();
        try (var in = new DataInputStream(new GZIPInputStream(Files.newInputStream(archive), 1 << 16))) {
            String longName = "";
            while (true) {
                byte[] header = in.readNBytes(BLOCK);
                if (header.length < BLOCK || header[0] == 0 || files.size() == most) {
                    return files;
                }
                byte[] content = in.readNBytes(size(header));
                in.skipNBytes((BLOCK - content.length % BLOCK) % BLOCK);
                char kind = (char) header[156];
                if (kind == 'L') {
                    longName = text(content, 0, content.length);
                } else if (kind == '0' || kind == 0) {
                    String path = longName.isEmpty() ? name(header) : longName;
                    if (path.contains(part)) {
                        files.put(path, content);
                    }
                    longName = "";
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(archive.toString(), e);
        }
    }

    private static int size(byte[] header) {
        return Integer.parseInt(text(header, 124, 12).trim(), 8);
    }

    private static String name(byte[] header) {
        String prefix = text(header, 345, 155);
        return (prefix.isEmpty() ? "" : prefix + "/") + text(header, 0, 100);
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }
}
