package dev.graft.train;

import dev.graft.Digest;
import dev.graft.data.Batches;
import dev.graft.tensor.Array;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The rows of several parts, each content once, in an order that depends on nothing but the contents: longest first.
 *
 * <p>So the same texts have the same digest however they are split into parts.
 */
final class DistinctRows {
    private static final int READ_TOGETHER = 32;

    private final List<Rows> parts;
    private final List<String> inputs;
    private final List<Entry> entries;
    private final int[][] places;

    /** Where a row's content is first found. */
    private record Entry(int part, int row, int length, String digest) {}

    /** @param inputs names of the inputs that make up a row's content */
    DistinctRows(List<? extends Rows> parts, List<String> inputs) {
        this.parts = List.copyOf(parts);
        this.inputs = inputs;
        this.places = new int[parts.size()][];
        Map<String, Entry> found = new LinkedHashMap<>();
        List<List<String>> digests = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            Rows rows = parts.get(part);
            int[] lengths = rows.lengths();
            List<String> ofPart = digests(rows, lengths);
            for (int row = 0; row < rows.size(); row++) {
                found.putIfAbsent(ofPart.get(row), new Entry(part, row, lengths[row], ofPart.get(row)));
            }
            digests.add(ofPart);
        }
        this.entries = found.values().stream()
                .sorted(Comparator.comparingInt(Entry::length).reversed().thenComparing(Entry::digest))
                .toList();
        Map<String, Integer> placeOf = new HashMap<>();
        entries.forEach(entry -> placeOf.put(entry.digest(), placeOf.size()));
        for (int part = 0; part < places.length; part++) {
            places[part] = digests.get(part).stream()
                    .mapToInt(digest -> placeOf.getOrDefault(digest, -1))
                    .toArray();
        }
    }

    /** The digest of each row's content; rows of one length are read together, which pads none. */
    private List<String> digests(Rows rows, int[] lengths) {
        String[] digests = new String[lengths.length];
        List<int[]> together = new ArrayList<>();
        for (int[] batch : Batches.sorted(lengths, READ_TOGETHER)) {
            Map<Integer, List<Integer>> byLength =
                    Arrays.stream(batch).boxed().collect(Collectors.groupingBy(row -> lengths[row]));
            byLength.values().forEach(same -> together.add(numbers(same)));
        }
        together.parallelStream().forEach(batch -> digest(rows, batch, digests));
        return Arrays.asList(digests);
    }

    private void digest(Rows rows, int[] batch, String[] digests) {
        Map<String, Array> arrays = rows.inputs(batch);
        List<ByteBuffer> contents = inputs.stream()
                .map(arrays::get)
                .filter(java.util.Objects::nonNull)
                .map(Array::bytes)
                .toList();
        int bytes = contents.stream().mapToInt(ByteBuffer::remaining).sum() / batch.length;
        for (int row : batch) {
            ByteBuffer all = ByteBuffer.allocate(bytes);
            for (ByteBuffer content : contents) {
                int end = content.limit();
                content.limit(content.position() + content.capacity() / batch.length);
                all.put(content);
                content.limit(end);
            }
            digests[row] = Digest.of(all.array());
        }
    }

    int size() {
        return entries.size();
    }

    int[] lengths() {
        return entries.stream().mapToInt(Entry::length).toArray();
    }

    /** The number here of each row of a part. */
    int[] places(int part) {
        return places[part];
    }

    /** A digest of all contents. */
    String digest() {
        StringBuilder all = new StringBuilder();
        entries.forEach(entry -> all.append(entry.digest()).append(entry.length()));
        return Digest.of(all.toString());
    }

    /**
     * Some rows in batches, each of one part.
     *
     * @param tokens that a batch has at most, padding included; a longer row stands alone
     */
    List<int[]> batches(int first, int count, int tokens) {
        List<int[]> batches = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            List<Integer> batch = new ArrayList<>();
            for (int at = first; at < first + count; at++) {
                if (entries.get(at).part() != part) {
                    continue;
                }
                int longest = entries.get(batch.isEmpty() ? at : batch.get(0)).length();
                if (!batch.isEmpty() && (batch.size() + 1) * longest > tokens) {
                    batches.add(numbers(batch));
                    batch.clear();
                }
                batch.add(at);
            }
            if (!batch.isEmpty()) {
                batches.add(numbers(batch));
            }
        }
        return batches;
    }

    private static int[] numbers(List<Integer> rows) {
        return rows.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The inputs of a batch, whose rows are all of one part. */
    Map<String, Array> inputs(int[] batch) {
        int part = entries.get(batch[0]).part();
        int[] rows = new int[batch.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = entries.get(batch[i]).row();
        }
        Map<String, Array> all = parts.get(part).inputs(rows);
        Map<String, Array> read = new LinkedHashMap<>();
        inputs.forEach(name -> read.put(name, java.util.Objects.requireNonNull(all.get(name), name)));
        return read;
    }
}
