package dev.graft.data;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Texts without labels, for training that needs none. */
public final class UnlabelledTexts {
    private UnlabelledTexts() {}

    /**
     * Reads texts: the lines of a file that ends in {@code .txt}, else the texts of a table. Blank ones are left out.
     *
     * @param text the column of a table's texts; found by its name or shape where it is not given
     * @throws InputException if there is no such file, rows of it are wrong, or it holds no text
     */
    public static List<String> read(Path file, Optional<String> text) {
        List<String> texts = isLines(file) ? TextLines.read(file) : ofTable(file, text);
        List<String> filled = texts.stream().filter(each -> !each.isBlank()).toList();
        if (filled.isEmpty()) {
            throw new InputException(file + " holds no text");
        }
        return filled;
    }

    private static boolean isLines(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".txt");
    }

    private static List<String> ofTable(Path file, Optional<String> text) {
        try (RowSource source = RowSource.open(file)) {
            Columns columns = Columns.textOnly(file, source.columns(), source.sample(), text);
            List<String> texts = new ArrayList<>();
            for (Row row : source) {
                texts.add(row.values().get(columns.text()));
            }
            return texts;
        }
    }
}
