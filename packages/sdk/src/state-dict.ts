/** Numbers nested as deep as the tensor has dimensions. */
export type NestedNumbers = number | NestedNumbers[];

/** A model as a dictionary: tensor name to nested lists of finite numbers. */
export type StateDict = { [tensorName: string]: NestedNumbers };
