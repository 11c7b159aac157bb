package dev.graft.task;

/** What a model is trained to do. */
public interface Task {
    /** The task's name, as bundles and Hugging Face's hub spell it. */
    String name();
}
