package dev.graft.data;

import dev.graft.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The table formats that are read. */
enum Format {
    CSV,
    TSV,
    JSON_LINES,
    PARQUET;

    private static final int LOOKED_AT = 1 << 16;

    /**
     * The format of a file: Parquet by its first bytes, else by extension, else by what the first line looks like.
     *
     * @throws InputException if the file is empty, or is packed, or is a spreadsheet
     */
    static Format of(Path file) throws IOException {
        String start = start(file);
        if (start.isEmpty()) {
            throw new InputException(file + " is empty; a table with a header line was expected");
        }
        if (start.startsWith("PAR1")) {
            return PARQUET;
        }
        refusePacked(file, start);
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".parquet")) {
            throw new InputException(file + " is no Parquet file: it does not begin with PAR1");
        }
        return byName(name, start.strip());
    }

    private static Format byName(String name, String start) {
        if (name.endsWith(".csv")) {
            return CSV;
        }
        if (name.endsWith(".tsv") || name.endsWith(".tab")) {
            return TSV;
        }
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || start.startsWith("{") || start.startsWith("[")) {
            return JSON_LINES;
        }
        String header = start.lines().findFirst().orElse("");
        return header.indexOf('\t') >= 0 ? TSV : CSV;
    }

    /** The character between the fields of a file of separated values: a semicolon is common beside the comma. */
    static char separator(Path file) throws IOException {
        String header = start(file).lines().findFirst().orElse("");
        for (char candidate : new char[] {',', ';', '\t'}) {
            if (header.indexOf(candidate) >= 0) {
                return candidate;
            }
        }
        return ',';
    }

    private static void refusePacked(Path file, String start) {
        if (start.startsWith("\u001f\u008b")) {
            throw new InputException(file + " is packed with gzip; unpack it first (gunzip)");
        }
        if (start.startsWith("PK\u0003\u0004")) {
            throw new InputException(
                    file + " is a ZIP archive or a spreadsheet; unpack it, or save the sheet as CSV in UTF-8");
        }
        if (start.startsWith("\u00ff\u00fe") || start.startsWith("\u00fe\u00ff")) {
            throw new InputException(file + " is in UTF-16; save it as UTF-8");
        }
    }

    /** The first bytes, each as the character of the same number. */
    private static String start(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LOOKED_AT), StandardCharsets.ISO_8859_1);
        }
    }
}
