package dev.graft.train;

import dev.graft.data.Encoding;
import dev.graft.data.Example;
import dev.graft.data.LabelSet;
import dev.graft.data.TextEncoder;
import dev.graft.tensor.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Labelled texts, encoded once. */
final class TextRows implements Rows {
    private static final int SHOWN = 60;

    private final List<Example> examples;
    private final int[] labels;
    private final List<Encoding> encodings;
    private final TextEncoder encoder;
    private final List<String> inputs;

    /** @param inputs names of the graph's inputs */
    TextRows(List<Example> examples, LabelSet labels, TextEncoder encoder, List<String> inputs) {
        this.examples = examples;
        this.labels = labels.numbers(examples);
        this.encodings = encoder.encode(examples.stream().map(Example::text).toList());
        this.encoder = encoder;
        this.inputs = inputs;
    }

    List<Example> examples() {
        return examples;
    }

    int[] labels() {
        return labels;
    }

    int[] tokens(int row) {
        return encodings.get(row).ids();
    }

    @Override
    public int size() {
        return examples.size();
    }

    @Override
    public int[] lengths() {
        return encodings.stream().mapToInt(encoding -> encoding.ids().length).toArray();
    }

    @Override
    public Map<String, Array> inputs(int[] rows) {
        return encoder.collate(Arrays.stream(rows).mapToObj(encodings::get).toList(), inputs);
    }

    @Override
    public Array targets(int[] rows) {
        return Array.of(Arrays.stream(rows).mapToLong(row -> labels[row]).toArray(), rows.length);
    }

    @Override
    public String name(int row) {
        Example example = examples.get(row);
        String text = example.text().strip().replaceAll("\\s+", " ");
        return example.place() + ": " + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text);
    }
}
