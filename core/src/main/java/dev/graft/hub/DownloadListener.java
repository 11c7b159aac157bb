package dev.graft.hub;

/** Hears how far a download has come. */
@FunctionalInterface
public interface DownloadListener {
    /** Hears nothing. */
    DownloadListener SILENT = (file, done, total) -> {};

    /**
     * More has arrived.
     *
     * @param file what is being fetched, for people
     * @param done bytes so far, those of an earlier, interrupted download included
     * @param total bytes in all, or -1 where that is not known
     */
    void progress(String file, long done, long total);
}
