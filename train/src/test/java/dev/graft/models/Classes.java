package dev.graft.models;

import dev.graft.tensor.Array;
import dev.graft.torch.Tar;
import dev.graft.train.ArrayRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Pictures of some classes.
 *
 * @param files contents, a list a class
 */
record Classes(List<List<byte[]>> files) {
    private static final int CIFAR_TEST = 10_000;

    /** Photos of six defects of steel, whose names begin with the class. */
    static Classes defects(long seed) {
        Map<String, List<byte[]>> classes = new TreeMap<>();
        for (Path file : Shared.files(Shared.data("neu_det/train/images"), Integer.MAX_VALUE)) {
            String name = file.getFileName().toString().replaceAll("_\\d+\\.jpg", "");
            classes.computeIfAbsent(name, absent -> new ArrayList<>()).add(Images.bytes(file));
        }
        return shuffled(classes.values(), seed);
    }

    /** Small photos of ten kinds of animals and vehicles, in a folder each. */
    static Classes photos(long seed) {
        Map<String, List<byte[]>> classes = new TreeMap<>();
        Tar.read(Shared.data("cifar10_jpg.tar.gz"), "/test/", CIFAR_TEST)
                .forEach((path, content) -> classes.computeIfAbsent(
                                Path.of(path).getParent().toString(), absent -> new ArrayList<>())
                        .add(content));
        return shuffled(classes.values(), seed);
    }

    private static Classes shuffled(Collection<List<byte[]>> classes, long seed) {
        classes.forEach(files -> Collections.shuffle(files, new Random(seed)));
        return new Classes(List.copyOf(classes));
    }

    /** The pictures of each class from one place in its list to another, as rows of an input. */
    ArrayRows rows(String input, Images form, int from, int to) {
        List<byte[]> chosen = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            for (byte[] file : files.get(i).subList(from, to)) {
                chosen.add(file);
                labels.add(i);
            }
        }
        Array images = form.ofBytes(chosen);
        return new ArrayRows(
                Map.of(input, images),
                labels.stream().mapToInt(Integer::intValue).toArray());
    }
}
