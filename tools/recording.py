"""What the recording scripts share: writing tensors, and finding a model's parameters among a graph's initializers."""
import numpy
from onnx import numpy_helper
from safetensors.numpy import save_file


def save(folder, arrays):
    """Writes `{name: array}` to recorded.safetensors in the folder; float64 is stored as float32."""
    save_file({name: _narrow(numpy.ascontiguousarray(array)) for name, array in arrays.items()},
              folder / "recorded.safetensors")


def within(part, arrays):
    """The arrays under names that begin with a part: `{part/name: array}`."""
    return {f"{part}/{name}": array for name, array in arrays.items()}


def _narrow(array):
    return array.astype(numpy.float32) if array.dtype == numpy.float64 else array


def holders(graph, parameters):
    """Which initializer holds which parameter: `{initializer: (parameter, transposed)}`, found by value.

    Float initializers that hold none are mapped to None.
    """
    known = {}
    for name, parameter in parameters.items():
        value = parameter.detach().float().numpy()
        known[_key(value)] = (name, False)
        if value.ndim == 2:
            known[_key(value.T)] = (name, True)
    arrays = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    return {name: known.get(_key(array)) for name, array in arrays.items() if array.dtype == numpy.float32}


def in_layout(array, transposed):
    """A parameter's array as the initializer that holds it lays it out."""
    return array.T if transposed else array


def _key(array):
    return array.shape, numpy.ascontiguousarray(array).tobytes()
