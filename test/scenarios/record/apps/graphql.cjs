const http = require("node:http");
const {
  GraphQLFloat,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} = require("graphql");
const { createHandler } = require("graphql-http/lib/use/http");
const order = new GraphQLObjectType({
  name: "Order",
  fields: { id: { type: GraphQLInt }, total: { type: GraphQLFloat }, name: { type: GraphQLString } },
});
const query = new GraphQLObjectType({
  name: "Query",
  fields: {
    order: {
      type: order,
      args: { id: { type: new GraphQLNonNull(GraphQLInt) } },
      resolve: (_, { id }) => ({ id, total: 12.5, name: "Ada" }),
    },
    boom: { type: GraphQLString, resolve: () => Promise.reject(new Error("boom")) },
    number: { type: GraphQLInt, resolve: () => 2.5 },
  },
});
http.createServer(createHandler({ schema: new GraphQLSchema({ query }) })).listen(Number(process.argv[2]), "127.0.0.1");
