package dev.graft.predict;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Cuts an endless row of texts into lists that fit into memory. */
final class Windows implements Iterator<List<String>> {
    private static final int TEXTS = 4096;
    private static final long CHARACTERS = 4L << 20;

    private final Iterator<String> texts;

    Windows(Iterator<String> texts) {
        this.texts = texts;
    }

    @Override
    public boolean hasNext() {
        return texts.hasNext();
    }

    @Override
    public List<String> next() {
        if (!texts.hasNext()) {
            throw new NoSuchElementException();
        }
        var window = new ArrayList<String>();
        long characters = 0;
        while (texts.hasNext() && window.size() < TEXTS && characters < CHARACTERS) {
            String text = texts.next();
            window.add(text);
            characters += text.length();
        }
        return window;
    }
}
