package dev.graft.graph;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The files beside a model that hold weights which the model file only points to.
 *
 * <p>A model says where its weights lie, so it must not be able to name any file of the machine: only files in the folder
 * of the model are opened, or in the folder that the model's own link leads to (as in Hugging Face's cache). Absolute
 * paths, {@code ..} and links that lead elsewhere are refused.
 */
final class ExternalData implements Closeable {
    private final @Nullable Path model;
    private final Map<Path, Content> open = new HashMap<>();

    private ExternalData(@Nullable Path model) {
        this.model = model;
    }

    /** The files beside a model. */
    static ExternalData beside(Path model) {
        return new ExternalData(model);
    }

    /** For models that came without a folder. */
    static ExternalData none() {
        return new ExternalData(null);
    }

    /**
     * The bytes of one weight.
     *
     * @param owner how messages name the weight and its file
     * @param entries {@code location}, and if need be {@code offset} and {@code length}
     */
    Extent extent(String owner, Map<String, String> entries, long expected) {
        String location = entries.getOrDefault("location", "");
        Content content = content(owner, location);
        long offset = number(owner, "offset", entries.getOrDefault("offset", "0"));
        long length = number(owner, "length", entries.getOrDefault("length", Long.toString(expected)));
        if (length != expected) {
            throw new GraphException(owner + " takes " + expected + " bytes, but " + length + " are said to lie in '"
                    + location + "'; export the model again");
        }
        if (offset > content.size() - length) {
            throw new GraphException(owner + " lies at bytes " + offset + " to " + (offset + length) + " of '"
                    + location + "', which has " + content.size() + "; fetch that file again");
        }
        return content.extent(offset, length);
    }

    private static long number(String owner, String what, String text) {
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, like a negative number.
        }
        throw new GraphException(
                owner + " has the " + what + " '" + text + "' in its file, which is no size; export the model again");
    }

    private Content content(String owner, String location) {
        if (model == null) {
            throw new GraphException(owner + " lies in the file '" + location
                    + "', but the model was not read from a folder; read it from its file");
        }
        Path file = inside(owner, model, location);
        Content known = open.get(file);
        if (known == null) {
            try {
                known = Content.of(file, file.toString());
            } catch (IOException e) {
                throw missing(owner, location, e);
            }
            open.put(file, known);
        }
        return known;
    }

    private static Path inside(String owner, Path model, String location) {
        try {
            Path relative = Path.of(location);
            if (location.isEmpty() || relative.isAbsolute() || hasParentStep(relative) || location.indexOf('\\') >= 0) {
                throw outside(owner, location);
            }
            Path folder = Objects.requireNonNull(model.toAbsolutePath().getParent());
            Path file = folder.resolve(relative).toRealPath();
            if (!file.startsWith(folder.toRealPath())
                    && !file.startsWith(model.toRealPath().getParent())) {
                throw outside(owner, location);
            }
            if (!Files.isRegularFile(file)) {
                throw new GraphException(owner + " lies in '" + location + "', which is no plain file");
            }
            return file;
        } catch (InvalidPathException e) {
            throw outside(owner, "(not a path)");
        } catch (IOException e) {
            throw missing(owner, location, e);
        }
    }

    private static boolean hasParentStep(Path relative) {
        for (Path step : relative) {
            if (step.toString().equals("..")) {
                return true;
            }
        }
        return false;
    }

    private static GraphException outside(String owner, String location) {
        return new GraphException(owner + " points to '" + location
                + "', which does not lie in the model's folder; such files are never opened: put the weights beside the"
                + " model and export it again");
    }

    private static GraphException missing(String owner, String location, IOException cause) {
        return new GraphException(
                owner + " lies in the file '" + location + "', which cannot be opened; fetch that file too and put it"
                        + " beside the model",
                cause);
    }

    @Override
    public void close() throws IOException {
        for (Content content : open.values()) {
            content.close();
        }
    }
}
