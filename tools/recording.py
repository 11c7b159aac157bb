"""What the recording scripts share: writing tensors, and finding a model's parameters among a graph's initializers."""
import numpy
from onnx import numpy_helper


def save(path, name, array):
    """Writes an array as an ONNX TensorProto; float64 is stored as float32."""
    array = numpy.ascontiguousarray(array)
    if array.dtype == numpy.float64:
        array = array.astype(numpy.float32)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(numpy_helper.from_array(array, name).SerializeToString())


def save_all(folder, arrays):
    """Writes `{name: array}` as folder/0.pb, folder/1.pb, …; the name is inside the file."""
    for i, (name, array) in enumerate(arrays.items()):
        save(folder / f"{i}.pb", name, array)


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
