package dev.graft.serve;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder of adapters; each is a file, or a folder as PEFT writes it. */
record AdapterFolder(Path folder) {
    private static final String ENDING = ".safetensors";
    private static final String IN_A_FOLDER = "adapter_model.safetensors";

    /**
     * The files by the names of their tenants, in the order of the names.
     *
     * @throws InputException if there is no such folder, or two have one name
     */
    Map<String, Path> files() {
        if (!Files.isDirectory(folder)) {
            throw new InputException("--adapters is " + folder + ", which is no folder; it is one of NAME.safetensors"
                    + " or NAME/" + IN_A_FOLDER + ", as graft train --save-adapter writes them");
        }
        var files = new TreeMap<String, Path>();
        try (Stream<Path> inside = Files.list(folder)) {
            for (Path path : inside.sorted().toList()) {
                String name = String.valueOf(path.getFileName());
                Path nested = path.resolve(IN_A_FOLDER);
                if (Files.isRegularFile(nested)) {
                    put(files, name, nested);
                } else if (name.endsWith(ENDING) && Files.isRegularFile(path)) {
                    put(files, name.substring(0, name.length() - ENDING.length()), path);
                }
            }
        } catch (IOException e) {
            throw new InputException("Cannot list " + folder + ": " + e.getMessage(), e);
        }
        return files;
    }

    private static void put(Map<String, Path> files, String name, Path file) {
        Path before = files.put(name, file);
        if (before != null) {
            throw new InputException("Both " + before + " and " + file + " are the adapter '" + name + "'; rename one");
        }
    }

    /** The file of a tenant, if it is there now. */
    Optional<Path> file(String name) {
        return Stream.of(folder.resolve(name + ENDING), folder.resolve(name).resolve(IN_A_FOLDER))
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
