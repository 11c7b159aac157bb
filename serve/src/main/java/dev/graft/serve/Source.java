package dev.graft.serve;

/** Where a version of a model comes from. */
interface Source {
    /** The version's name. */
    String version();

    /** Changes with what the source holds. */
    String identity();

    /**
     * Reads again what the identity alone does not show.
     *
     * @throws dev.graft.InputException if a file is no longer what the identity says
     */
    default void verify() {}

    /** Bytes that it takes at least. */
    long leastBytes();

    /** Whether loading it takes so much more than {@link #leastBytes} that it has to be measured. */
    boolean measured();

    /**
     * A model that is ready to answer.
     *
     * @param everything whether its largest batch is to be computed first, so that its memory has its full size
     * @throws dev.graft.InputException if it is no model, or does not compute what training computed
     */
    ServedModel open(boolean everything);
}
