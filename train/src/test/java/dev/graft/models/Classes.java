package dev.graft.models;

import dev.graft.tensor.Array;
import dev.graft.train.ArrayRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Pictures of some classes, the same number of each.
 *
 * @param files a list a class
 */
record Classes(List<List<Path>> files) {
    /** Photos of six defects of steel, whose names begin with the class. */
    static Classes defects(int each) {
        List<List<Path>> classes = new ArrayList<>();
        String last = "";
        for (Path file : Shared.files(Shared.data("neu_det/train/images"), Integer.MAX_VALUE)) {
            String name = file.getFileName().toString().replaceAll("_\\d+\\.jpg", "");
            if (!name.equals(last)) {
                classes.add(new ArrayList<>());
                last = name;
            }
            List<Path> current = classes.get(classes.size() - 1);
            if (current.size() < each) {
                current.add(file);
            }
        }
        return new Classes(classes);
    }

    /** The pictures of each class from one place in its list to another, as rows of an input. */
    ArrayRows rows(String input, Images form, int from, int to) {
        List<Path> chosen = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            for (Path file : files.get(i).subList(from, to)) {
                chosen.add(file);
                labels.add(i);
            }
        }
        Array images = form.of(chosen);
        return new ArrayRows(
                Map.of(input, images),
                labels.stream().mapToInt(Integer::intValue).toArray());
    }
}
