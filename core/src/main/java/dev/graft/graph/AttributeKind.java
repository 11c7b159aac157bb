package dev.graft.graph;

/** The numbers of {@code AttributeProto.AttributeType}; kinds from {@link #REALS} to {@link #BODIES} are lists. */
final class AttributeKind {
    static final int REAL = 1;
    static final int WHOLE = 2;
    static final int TEXT = 3;
    static final int TENSOR = 4;
    static final int BODY = 5;
    static final int REALS = 6;
    static final int WHOLES = 7;
    static final int TEXTS = 8;
    static final int TENSORS = 9;
    static final int BODIES = 10;

    private AttributeKind() {}
}
