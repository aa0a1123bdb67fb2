// What a game's own typings from PuerTS 3 say of references: what these members are called is PuerTS's affair.
declare namespace puer {
  function $ref<T>(value?: T): CS.$Ref<T>;
  function $unref<T>(reference: CS.$Ref<T>): T;
}

declare namespace CS {
  interface $Ref<T> {
    __doNoAccess: T;
  }
}
