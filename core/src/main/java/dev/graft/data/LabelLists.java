package dev.graft.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Cells that hold several labels each: a JSON list, or names with a separator between them; an empty cell has none.
 *
 * @param separator between names; empty where a cell that is no list is one name
 */
public record LabelLists(String separator) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SEPARATORS = List.of(";", "|", ",");

    /** A comma is part of many a name, so that more cells have to have it. */
    private static final double SHARE_WITH_COMMA = 0.1;

    /** Cells with the separator that a user names. */
    public static LabelLists separated(String separator) {
        if (separator.isBlank() || separator.strip().startsWith("[")) {
            throw new InputException("--label-separator must be the sign between two labels of a cell, such as ;");
        }
        return new LabelLists(separator.strip());
    }

    /**
     * How cells hold several labels, if they look as if they did: lists, or parts that come back in other cells.
     */
    public static Optional<LabelLists> found(Collection<String> cells) {
        Set<String> distinct = new HashSet<>(cells);
        distinct.removeIf(String::isBlank);
        if (!distinct.isEmpty() && distinct.stream().allMatch(cell -> list(cell).isPresent())) {
            return Optional.of(new LabelLists(""));
        }
        return SEPARATORS.stream()
                .filter(sign -> splits(cells, distinct, sign))
                .map(LabelLists::new)
                .findFirst();
    }

    private static boolean splits(Collection<String> cells, Set<String> distinct, String sign) {
        long with = cells.stream().filter(cell -> cell.contains(sign)).count();
        if (with == 0 || sign.equals(",") && with < SHARE_WITH_COMMA * cells.size()) {
            return false;
        }
        LabelLists lists = new LabelLists(sign);
        Map<String, Integer> cellsOf = new LinkedHashMap<>();
        distinct.forEach(cell -> lists.names(cell).forEach(name -> cellsOf.merge(name, 1, Integer::sum)));
        boolean back = cellsOf.values().stream().anyMatch(count -> count > 1);
        boolean allBack = cellsOf.values().stream().allMatch(count -> count > 1);
        boolean alone = cellsOf.size() < distinct.size() && distinct.stream().anyMatch(cellsOf::containsKey);
        return sign.equals(",") ? allBack || alone : back;
    }

    /** The labels of a cell, each once, in their order. */
    public List<String> names(String cell) {
        return list(cell)
                .orElseGet(() -> Arrays.stream(
                                separator.isEmpty() ? new String[] {cell} : cell.split(Pattern.quote(separator)))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .toList());
    }

    private static Optional<List<String>> list(String cell) {
        String text = cell.strip();
        if (!text.startsWith("[") || !text.endsWith("]")) {
            return Optional.empty();
        }
        try {
            List<String> names = new ArrayList<>();
            for (JsonNode each : JSON.readTree(text)) {
                if (!each.isValueNode()) {
                    return Optional.empty();
                }
                names.add(each.asText().strip());
            }
            return Optional.of(names.stream().distinct().toList());
        } catch (JsonProcessingException noList) {
            return Optional.empty();
        }
    }

    /** How a cell of these labels is written, whatever signs they hold. */
    public static String cell(List<String> names) {
        try {
            return JSON.writeValueAsString(names);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A table whose columns of 0 and 1, a label each, are one column of lists beside the others.
     *
     * @param columns the names of the columns with commas between them, which is the new column's name too
     * @throws InputException if a column is missing, or holds something else than 0, 1, true, false or nothing
     */
    public static Table joined(Table table, String columns) {
        List<String> names =
                Arrays.stream(columns.split(",", -1)).map(String::strip).toList();
        for (String name : names) {
            if (!table.columns().contains(name)) {
                throw new InputException(table.file() + " has no column '" + name + "' (--label " + columns
                        + "); its columns are " + String.join(", ", table.columns()));
            }
        }
        int[] places = names.stream().mapToInt(table.columns()::indexOf).toArray();
        Findings findings = new Findings(table.file());
        List<Row> rows = new ArrayList<>();
        for (Row row : table.rows()) {
            List<String> has = IntStream.range(0, places.length)
                    .filter(i -> isSet(row, places[i], names.get(i), findings))
                    .mapToObj(names::get)
                    .toList();
            List<String> values = new ArrayList<>(row.values());
            values.add(cell(has));
            rows.add(new Row(row.line(), values));
        }
        findings.throwIfAny();
        List<String> all = new ArrayList<>(table.columns());
        all.add(columns);
        return new Table(table.file(), all, rows, table.all());
    }

    private static boolean isSet(Row row, int column, String name, Findings findings) {
        String value = row.values().get(column).strip();
        boolean set = List.of("1", "1.0", "true", "True", "TRUE").contains(value);
        if (!set && !List.of("", "0", "0.0", "false", "False", "FALSE").contains(value)) {
            findings.add(row.line(), "column '" + name + "' must hold 0 or 1, a label a column, not '" + value + "'");
        }
        return set;
    }
}
