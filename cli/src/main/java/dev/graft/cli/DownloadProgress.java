package dev.graft.cli;

import dev.graft.hub.DownloadListener;

/** Shows how far a download has come. */
final class DownloadProgress implements DownloadListener {
    private static final long MEGABYTE = 1 << 20;

    private final Console console;
    private final Progress bar;
    private String current = "";

    DownloadProgress(Console console) {
        this.console = console;
        this.bar = new Progress(console);
    }

    @Override
    public void progress(String file, long done, long total) {
        if (!file.equals(current)) {
            current = file;
            console.say("fetching " + file + (total > 0 ? ", " + total / MEGABYTE + " MB" : ""));
            bar.begin(file, Math.max(1, total / MEGABYTE));
        }
        bar.at(done / MEGABYTE, "MB", "");
        if (done == total) {
            bar.end();
        }
    }
}
