package dev.graft.serve;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.multipart.BodyPart;
import com.linecorp.armeria.common.multipart.Multipart;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.graft.Suggestion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What a batch job comes with: a body that is the file, or a form in which {@code file} is one. */
final class JobUpload {
    /** What a form may hold beside its file. */
    static final int FORM_BYTES = 1 << 16;

    static final String MODEL = "model";
    static final String TEXT = "text";
    static final String OUTPUT = "output";

    private static final Set<String> KNOWN = Set.of(MODEL, TEXT, OUTPUT);
    private static final Set<String> EXTENSIONS = Set.of("csv", "tsv", "tab", "jsonl", "ndjson", "parquet");
    private static final String FILE = "file";
    private static final int LONGEST_FIELD = 1_000;

    private final Path folder;
    private final DiskSpace space;
    private final long mostBytes;
    private final Map<String, String> fields = new LinkedHashMap<>();
    private long bytes;
    private Optional<String> input = Optional.empty();

    JobUpload(Path folder, DiskSpace space, long mostBytes) {
        this.folder = folder;
        this.space = space;
        this.mostBytes = mostBytes;
    }

    /**
     * Writes the file into the folder as it comes, on this thread.
     *
     * @throws Problem if it does not come whole, is too large, or something is not what it must be
     */
    void receive(ServiceRequestContext context, HttpRequest request) throws IOException {
        QueryParams.fromQueryString(Optional.ofNullable(context.query()).orElse(""))
                .forEach((name, value) -> field(name, value));
        MediaType type = request.contentType();
        if (type == null || !type.is(MediaType.MULTIPART_FORM_DATA)) {
            file(extension(type), request.toInputStream(JobUpload::data));
            return;
        }
        try {
            Multipart.from(request).collect(part -> taken(context, part)).join();
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new Problem(Problem.Type.MALFORMED, "The body is no form: " + e.getMessage());
        } catch (CompletionException e) {
            throw e.getCause() instanceof Problem problem
                    ? problem
                    : new Problem(Problem.Type.MALFORMED, "The body is no form that came whole");
        }
        if (input.isEmpty()) {
            throw Problem.invalid("The form has no field 'file'");
        }
    }

    private static HttpData data(com.linecorp.armeria.common.HttpObject object) {
        return object instanceof HttpData data ? data : HttpData.empty();
    }

    private CompletableFuture<String> taken(ServiceRequestContext context, BodyPart part) {
        return CompletableFuture.supplyAsync(() -> take(part), context.blockingTaskExecutor());
    }

    private String take(BodyPart part) {
        String name = Optional.ofNullable(part.name()).orElse("");
        try (InputStream content = part.content().toInputStream(data -> data)) {
            if (name.equals(FILE)) {
                String named = Optional.ofNullable(part.filename()).orElse("");
                String ending = named.substring(named.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
                file(
                        EXTENSIONS.contains(ending)
                                ? ending
                                : extension(part.headers().contentType()),
                        content);
            } else {
                field(name, new String(content.readNBytes(LONGEST_FIELD + 1), StandardCharsets.UTF_8));
            }
            return name;
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private void field(String name, String value) {
        if (!KNOWN.contains(name)) {
            throw Problem.invalid("There is no field '" + Names.shown(name) + "'"
                    + Suggestion.text(name, List.copyOf(KNOWN)) + "; known are " + new TreeSet<>(KNOWN));
        }
        if (value.isEmpty() || value.length() > LONGEST_FIELD) {
            throw Problem.invalid("'" + name + "' must have 1 to " + LONGEST_FIELD + " characters");
        }
        if (fields.put(name, value) != null) {
            throw Problem.invalid("'" + name + "' is given twice");
        }
    }

    /** Without an extension a table is known by its first bytes. */
    private static String extension(@Nullable MediaType type) {
        if (type == null) {
            return "";
        }
        return switch (type.withoutParameters().toString()) {
            case "text/csv" -> "csv";
            case "text/tab-separated-values" -> "tsv";
            case "application/jsonl", "application/jsonlines", "application/x-ndjson", "application/x-jsonlines" ->
                "jsonl";
            case "application/vnd.apache.parquet" -> "parquet";
            default -> "";
        };
    }

    private void file(String extension, InputStream from) throws IOException {
        if (input.isPresent()) {
            throw Problem.invalid("The form has two files; a job has one");
        }
        String name = extension.isEmpty() ? "input" : "input." + extension;
        input = Optional.of(name);
        try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
            byte[] chunk = new byte[1 << 16];
            for (int read = read(from, chunk); read >= 0; read = read(from, chunk)) {
                if (bytes + read > mostBytes) {
                    throw new Problem(
                            Problem.Type.TOO_LARGE,
                            "The file has more bytes than --max-job-size allows, which is " + mostBytes);
                }
                space.take(read);
                bytes += read;
                out.write(chunk, 0, read);
            }
            if (bytes == 0) {
                throw Problem.invalid("The file is empty; a table with a header line was expected");
            }
        }
    }

    /** The file is not kept. */
    void giveBack() {
        space.give(bytes);
    }

    private static int read(InputStream from, byte[] chunk) {
        try {
            return from.read(chunk);
        } catch (IOException | RuntimeException e) {
            throw new Problem(Problem.Type.MALFORMED, "The file did not come whole");
        }
    }

    /** The name of the file in the folder. */
    String input() {
        return input.orElseThrow();
    }

    /** A field; empty where it was not given. */
    String field(String name) {
        return fields.getOrDefault(name, "");
    }
}
